"""People: the account, sign-in, the second factor."""
