"""What goes out: a ledger of everything public, from which feeds, sitemap, harvests and interfaces start."""
