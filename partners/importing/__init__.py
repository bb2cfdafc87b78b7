"""Organisations from a file: reading it, checking every cell, matching what is known already."""
