"""Ways to the channels: calls over HTTP with the seller's token, and twins that answer and fail as channels do."""
