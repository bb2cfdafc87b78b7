"""Leaving: what is held, taking it along, closing an account, and what nobody needs any more."""
