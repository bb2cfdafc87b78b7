"""What people type, paste and send, checked before any of it is kept; nothing here reads or writes the database."""
