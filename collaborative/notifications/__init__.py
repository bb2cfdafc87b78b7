"""Letters, the ledger, follows and digests."""
