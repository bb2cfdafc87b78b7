"""What goes out: the ledger of everything public, and the feeds, sitemap, harvests and interfaces that start from it."""
