"""Routes of accounts at providers of tracking, and of who is asked about a parcel."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request

from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.catalogs import read_shape
from shopkit.api.language import language
from shopkit.api.orders import WRITE, moment
from shopkit.api.queries import Query
from shopkit.api.tracking_schemas import ShipmentToFollow, TrackingAccountToConnect, TrackingPreference
from shopkit.late import Late
from shopkit.services.keeping import Reply

if TYPE_CHECKING:
    from shopkit.services import feeds
    from shopkit.services import tracking_accounts as accounts
    from shopkit.services.feeds import Feed
    from shopkit.services.tracking_accounts import Account
    from shopkit.tracking.port import Tracker
else:
    feeds = Late("shopkit.services.feeds")
    accounts = Late("shopkit.services.tracking_accounts")

READ_ACCOUNTS: Final = "channels:read"
WRITE_ACCOUNTS: Final = "channels:write"


@bp.get("/api/v1/tracking/accounts")
def read_tracking_accounts() -> Response:
    """List the shop's accounts in the order in which they are asked, and what each provider asks for."""
    actor = api_actor(READ_ACCOUNTS)
    Query().done()
    found = [_account(one) for one in accounts.every(services(), actor)]
    return _sent({"results": found, "providers": [_provider(one) for one in accounts.kinds()]})


@bp.post("/api/v1/tracking/accounts")
def connect_tracking_account() -> Response:
    """Connect an account in place of the provider's former one; one that was stopped goes on."""
    actor = api_actor(WRITE_ACCOUNTS)
    asked = read_shape(TrackingAccountToConnect, read_body())
    made = accounts.connect(services(), actor, asked.provider, asked.details)
    return _sent(_account(made), HTTPStatus.CREATED)


@bp.delete("/api/v1/tracking/accounts/<provider>")
def disconnect_tracking_account(provider: str) -> Response:
    """Forget the account at a provider; its parcels are given to the others."""
    accounts.disconnect(services(), api_actor(WRITE_ACCOUNTS), provider)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.put("/api/v1/tracking/preference")
def prefer_tracking_accounts() -> Response:
    """Say which accounts are asked first about parcels from now on."""
    actor = api_actor(WRITE_ACCOUNTS)
    asked = read_shape(TrackingPreference, read_body())
    return _sent({"results": [_account(one) for one in accounts.prefer(services(), actor, asked.providers)]})


@bp.post("/api/v1/shipments/<shipment_id>/follow")
def follow_shipment(shipment_id: str) -> Response:
    """Ask about a parcel again though that was over, or at another provider."""
    actor = api_actor(WRITE)
    feeds.of_shipment(services(), actor, shipment_id)
    provider = read_shape(ShipmentToFollow, read_body()).provider
    one = (services(), actor, shipment_id)
    return _sent(_followed(feeds.resume(*one) if provider is None else feeds.choose(*one, provider)))


@bp.post("/api/v1/shipments/<shipment_id>/refresh")
def refresh_shipment(shipment_id: str) -> Response:
    """Let a parcel be asked about at the next poll, at most every quarter of an hour; when it is due is told."""
    one = (services(), api_actor(WRITE), shipment_id)
    feeds.of_shipment(*one)
    feeds.refresh(services(), shipment_id)
    return _sent(_followed(feeds.of_shipment(*one)))


def _account(one: Account) -> dict[str, Any]:
    root = (services().settings.public_url or request.url_root).rstrip("/")
    return {
        "id": one.id,
        "provider": one.provider,
        "created_at": moment(one.created_at),
        "stopped": one.trouble or None,
        "parcels": one.parcels,
        "messages_to": None if one.path is None else f"{root}{one.path}",
    }


def _provider(one: Tracker) -> dict[str, Any]:
    spoken = language()
    fields = [
        {
            "name": field.name,
            "label": field.label[spoken],
            "secret": field.is_secret,
            "required": field.is_required,
        }
        for field in one.fields
    ]
    return {"provider": one.name, "messages": accounts.tells(one), "fields": fields}


def _followed(one: Feed) -> dict[str, Any]:
    return {
        "provider": one.provider,
        "label": one.label,
        "due_at": moment(one.due_at),
        "asked_at": moment(one.asked_at),
    }


def _sent(value: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:  # noqa: ANN401  # JSON
    return send(Reply(status, dump(value), language(), None))
