"""Addresses elsewhere to which our texts lead: whether they still answer."""
