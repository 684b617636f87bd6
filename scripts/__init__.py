"""Small programs for who works on the project; none is needed to run it."""
