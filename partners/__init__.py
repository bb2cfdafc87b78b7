"""Partner organisations, programmes and who belongs to them."""
