"""What people type and send, checked before it is kept; knows no table."""
