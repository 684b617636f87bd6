"""Peers of the twins: other people's fakes, whose licences keep them in environments and processes of their own."""
