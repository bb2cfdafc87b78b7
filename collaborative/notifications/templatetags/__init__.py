"""Tags for the words of letters."""
