"""Mail to people: one port, and an adapter per way of sending."""
