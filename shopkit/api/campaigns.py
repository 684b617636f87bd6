"""Routes of campaigns, for a seller's program: kept, changed, taken off, and what one comes to today."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Response

from listings.campaigns.audiences import PAN_LATINO
from listings.campaigns.matching import said
from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.campaign_schemas import CampaignChange, CampaignToMake
from shopkit.api.catalogs import read_shape
from shopkit.api.dashboard import SCOPE
from shopkit.api.errors import problem
from shopkit.api.language import language
from shopkit.api.listings import WRITE
from shopkit.services import campaigns as campaigns_
from shopkit.services.campaign_plans import plan
from shopkit.services.campaigns import StaleCampaignError
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError, RequestProblem, sentence

if TYPE_CHECKING:
    from listings.campaigns.comparing import Verdict
    from listings.campaigns.figures import Figure
    from shopkit.services.campaign_plans import Fits, Planned, There
    from shopkit.services.campaign_results import Brought
    from shopkit.services.campaigns import Kept

Json = dict[str, Any]


@bp.get("/api/v1/campaigns")
def find_campaigns() -> Response:
    """Tell the seller's campaigns, the newest first."""
    found = campaigns_.campaigns(services(), api_actor(SCOPE))
    return send(Reply(HTTPStatus.OK, dump({"campaigns": [_head(one) for one in found]}), language()))


@bp.get("/api/v1/campaigns/<campaign_id>")
def read_campaign(campaign_id: str) -> Response:
    """Tell what a campaign comes to today: its audience, last days to order, listings with their reasons."""
    actor = api_actor(SCOPE)
    found = plan(services(), actor, campaigns_.get_campaign(services(), actor, campaign_id))
    return send(Reply(HTTPStatus.OK, dump(shown(found, language())), language()))


@bp.get("/api/v1/campaigns/<campaign_id>/results")
def read_campaign_results(campaign_id: str) -> Response:
    """Tell what a campaign brought: follows, orders and money by link and by variant, and whether one of two won."""
    # Imported here: ledgers are read for this answer alone.
    from shopkit.services.campaign_results import results  # noqa: PLC0415

    actor = api_actor(SCOPE)
    campaigns_.get_campaign(services(), actor, campaign_id)
    found = results(services(), actor, campaign_id)
    answer = {
        "links": [
            {"code": link.code, "medium": link.medium, "variant": link.variant, "partner": link.partner} | _brought(one)
            for link, one in found.links
        ],
        "variants": [{"variant": name} | _brought(one) for name, one in found.variants.items()],
        "wordings": _verdict(found.wordings),
        "languages": _verdict(found.languages),
        "unread": found.unread,
    }
    return send(Reply(HTTPStatus.OK, dump(answer), language()))


@bp.errorhandler(StaleCampaignError)
def _stale(_error: StaleCampaignError) -> Response:
    return problem(HTTPStatus.CONFLICT, sentence("campaign.stale", {}, language()))


@bp.post("/api/v1/campaigns")
def create_campaign() -> Response:
    """Keep a campaign with the figures of today."""
    actor = api_actor(WRITE)
    wish = read_shape(CampaignToMake, read_body())
    try:
        made = campaigns_.create(services(), actor, wish.name, _asked(wish))
    except campaigns_.CampaignError as error:
        raise _refused(error) from None
    head = dump(_head(made))
    return send(Reply(HTTPStatus.CREATED, head, language(), f"/api/v1/campaigns/{made.id}"))


@bp.put("/api/v1/campaigns/<campaign_id>")
def change_campaign(campaign_id: str) -> Response:
    """Change a campaign that was read at a version; 409 where somebody else did meanwhile."""
    actor = api_actor(WRITE)
    campaigns_.get_campaign(services(), actor, campaign_id)
    wish = read_shape(CampaignChange, read_body())
    try:
        made = campaigns_.change(services(), actor, campaign_id, wish.name, _asked(wish), wish.version)
    except campaigns_.CampaignError as error:
        raise _refused(error) from None
    return send(Reply(HTTPStatus.OK, dump(_head(made)), language()))


@bp.delete("/api/v1/campaigns/<campaign_id>")
def archive_campaign(campaign_id: str) -> Response:
    """Take a campaign off; its links go on leading and being counted."""
    campaigns_.remove(services(), api_actor(WRITE), campaign_id)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.post("/api/v1/campaigns/<campaign_id>/restore")
def restore_campaign(campaign_id: str) -> Response:
    """Bring back a campaign that was taken off."""
    actor = api_actor(WRITE)
    campaigns_.restore(services(), actor, campaign_id)
    return send(Reply(HTTPStatus.OK, dump(_head(campaigns_.get_campaign(services(), actor, campaign_id))), language()))


def _asked(wish: CampaignToMake) -> campaigns_.Asked:
    """Return what is asked; a day of the wrong name or none is left to the check, which tells it."""
    try:
        day = None if wish.day is None else date.fromisoformat(wish.day)
    except ValueError:
        raise RequestError([RequestProblem("/day", "date.impossible", {"value": wish.day or ""})]) from None
    return campaigns_.Asked(
        group=wish.group,
        states=tuple(dict.fromkeys(one.removeprefix("US-") for one in wish.states)),
        event=wish.event,
        day=day or campaigns_.day_of(services(), wish.group, wish.event) or services().today(campaigns_.MARKET),
        way=wish.way,
        channel=wish.channel,
        locales=tuple(dict.fromkeys(wish.locales or campaigns_.LOCALES[:1])),
        margin_days=wish.margin_days,
        framing=wish.framing or ("pan_latino" if wish.group == PAN_LATINO else "country_of_origin"),
    )


def _refused(error: campaigns_.CampaignError) -> RequestError:
    return RequestError(RequestProblem(f"/{name}", f"campaign.{code}") for name, code in error.problems)


def shown(found: Planned, to: str) -> Json:
    """Return a plan as the answer of the API, in ``es``, ``pt`` or ``en``."""
    audience = found.audience
    return _head(found.campaign) | {
        "date": found.today.isoformat(),
        "audience": {
            "states": [
                {
                    "state": one.state.place,
                    "people": _figure(one.people, to),
                    "speakers": _figure(one.speakers, to),
                    "limited_english_percent": one.limited,
                }
                for one in audience.cells
            ],
            "together": _figure(audience.known, to),
            "not_known": [one.place for one in audience.unknown],
        },
        "deadlines": [
            {
                "state": state.place,
                "standing": until.state,
                "order_by": _day(until.order_by),
                "earliest": _day(until.earliest),
                "latest": _day(until.latest),
            }
            for state, until in found.deadlines
        ],
        "listings": [_fits(one, to) for one in found.fits],
        "not_looked_at": found.unseen,
    }


def _head(kept: Kept) -> Json:
    asked = kept.asked
    return {
        "id": kept.id,
        "name": kept.name,
        "group": asked.group,
        "states": [f"US-{one}" for one in asked.states],
        "event": asked.event,
        "day": asked.day.isoformat(),
        "way": asked.way,
        "channel": asked.channel,
        "locales": list(asked.locales),
        "margin_days": asked.margin_days,
        "framing": asked.framing,
        "version": kept.version,
    }


def _fits(one: Fits, to: str) -> Json:
    listing = one.kept.listing
    return {
        "listing": one.kept.id,
        "key": listing.key,
        "title": listing.title,
        "states": [_there(there, to) for there in one.there],
    }


def _there(there: There, to: str) -> Json:
    price = there.price
    return {
        "state": there.state.place,
        "is_in": there.match.is_in,
        "score": there.match.score,
        "order_by": _day(there.deadline.order_by),
        "outcome": price.outcome,
        "landed": price.landed,
        "low": price.low,
        "high": price.high,
        "currency": price.currency,
        "parts": [
            {
                "part": one.part,
                "points": one.points,
                "weight": one.weight,
                "reason": one.reason,
                "message": said(one.reason, one.values, to),
            }
            for one in there.match.parts
        ],
        "out": [{"reason": one, "message": said(one, {}, to)} for one in there.match.out],
    }


def _brought(one: Brought) -> Json:
    money = [{"amount": held.text, "currency": held.currency} for held in one.money]
    return {"follows": one.follows, "orders": one.orders, "paid": one.paid, "money": money}


def _verdict(one: Verdict) -> Json:
    missing = None if one.missing is None else dict(one.missing)
    return {"standing": one.standing, "winner": one.winner, "missing": missing}


def _figure(figure: Figure | None, to: str) -> Json | None:
    if figure is None:
        return None
    low, high = figure.bounds()
    return {"low": low, "high": high, "year": figure.year, "status": figure.status, "source": figure.source[to]}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
