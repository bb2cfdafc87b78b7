"""The one way in which anything changes its state."""
