"""Route of the account: whose key this is and what it is good for."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from shopkit.api.access import api_actor, the_key
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, send, services
from shopkit.api.language import language
from shopkit.services.companies import get_company
from shopkit.services.keeping import Reply

if TYPE_CHECKING:
    from flask import Response


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class AccountSeller(_Shape):
    """The shop that a key acts for."""

    id: str
    name: str
    country: str
    currency: str


class AccountKey(_Shape):
    """The key itself, without what is secret of it."""

    name: str
    prefix: str
    scopes: list[str]
    per_minute: int


class AccountResponse(_Shape):
    """Whose key this is and what it is good for."""

    seller: AccountSeller
    key: AccountKey


@bp.get("/api/v1/account")
def read_account() -> Response:
    """Tell whose key this is, what it is good for, and how often it may ask."""
    company = get_company(services(), api_actor("account:read"))
    key = the_key()
    body = {
        "seller": {name: getattr(company, name) for name in AccountSeller.model_fields},
        "key": {name: getattr(key, name) for name in AccountKey.model_fields},
    }
    return send(Reply(HTTPStatus.OK, dump(body), language()))
