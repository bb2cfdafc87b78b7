"""Finding things, on both engines."""
