"""Goods into boxes, without any database: whole millimetres and grams, nothing guessed, nothing overlapping.

A heuristic of ours (decisions/0060): pieces from large to small, each at the first corner where it fits in one of its
six positions; several orders and every box are tried, the fewest boxes win, then the smallest.
"""

from shopkit.packing.heuristic import MOST_PIECES, TooManyPiecesError, pack
from shopkit.packing.model import Box, Left, Packed, Packing, Piece, Placed

__all__ = ["MOST_PIECES", "Box", "Left", "Packed", "Packing", "Piece", "Placed", "TooManyPiecesError", "pack"]
