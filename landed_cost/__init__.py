"""The landed-cost engine: what goods cost at the buyer's door, under the law of a given day."""
