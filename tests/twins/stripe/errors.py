"""What the twin refuses, in the words' shape of Stripe's errors."""

from __future__ import annotations

from typing import Any


class StripeError(Exception):
    """A refusal: its status, the fields of Stripe's ``error`` object, and whether an idempotency key keeps it."""

    def __init__(self, status: int, kind: str, message: str, **fields: Any) -> None:
        self.status = status
        self.param: str | None = fields.get("param")
        # Nothing is kept of a request that does not pass its checks; what was refused while it was done is kept.
        self.kept = False
        self.body = {"error": {"type": kind, "message": message, **{k: v for k, v in fields.items() if v is not None}}}
        super().__init__(message)


def invalid(message: str, *, code: str | None = None, param: str | None = None, status: int = 400) -> StripeError:
    """Return what an ``invalid_request_error`` is told by."""
    return StripeError(status, "invalid_request_error", message, code=code, param=param)


def missing(kind: str, name: str) -> StripeError:
    """Return what is told of an object that this account does not have."""
    return invalid(f"No such {kind}: '{name}'", code="resource_missing", param="id", status=404)


def not_modelled(what: str, param: str | None = None) -> StripeError:
    """Return what the twin says of a part of Stripe it does not play; nothing may rest on it in silence."""
    return invalid(f"The twin does not model {what}; see its README.", code="not_modelled_by_twin", param=param)


def refused(message: str, *, code: str | None = None, param: str | None = None) -> StripeError:
    """Return what is told of a request that was well formed, and cannot be done with the object as it is."""
    error = invalid(message, code=code, param=param)
    error.kept = True
    return error
