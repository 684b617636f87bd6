"""Through the application's JSON door, with the test client."""
