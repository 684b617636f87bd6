"""The law, in worked cases, through every door."""
