"""Invoices, receipts and credit notes, without any database: what they say, and what an order's ledger asks for.

A document is made of an order's frozen quote and of its ledger and of nothing else, and is frozen itself when it is
issued. They are commercial documents; none of them is a fiscal one (``shopkit.invoices.fiscal``).
"""

from shopkit.invoices.amounts import Issued, Standing, standing_of, stands
from shopkit.invoices.documents import Document, Kind, Line, Party, digest_of, read, write

__all__ = [
    "Document",
    "Issued",
    "Kind",
    "Line",
    "Party",
    "Standing",
    "digest_of",
    "read",
    "standing_of",
    "stands",
    "write",
]
