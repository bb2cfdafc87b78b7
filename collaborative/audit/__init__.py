"""What happened, append-only: ids and states, never names or text."""
