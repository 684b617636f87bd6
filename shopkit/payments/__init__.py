"""Ways to be paid: the port, what is known of methods and amounts, and the adapters behind entry points."""
