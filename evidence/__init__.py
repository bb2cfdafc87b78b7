"""Evidence reviews."""
