"""The application's own parts, without a server and without a client."""
