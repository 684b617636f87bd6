"""The tables. Money is never a column here: a quote is kept whole, as it was answered."""

from shopkit.models.base import Base
from shopkit.models.freight import ObservedParcel, StoredCard
from shopkit.models.idempotency import IdempotencyKey
from shopkit.models.quotes import StoredQuote

__all__ = ["Base", "IdempotencyKey", "ObservedParcel", "StoredCard", "StoredQuote"]
