"""Training events and bookings."""
