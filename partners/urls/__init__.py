"""Addresses of partners, one file for each place in the portal below which they stand."""
