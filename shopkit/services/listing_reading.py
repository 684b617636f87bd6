"""From JSON to a listing: its shape, and what no single field can know; everything wrong at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import to_json

from landed_cost.countries import is_country
from listings.model import Listing
from shopkit.services.photos import UnknownPhotoError
from shopkit.services.problems import RequestError, RequestProblem, from_pydantic, pointer
from shopkit.services.reading import siblings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listings.changes import ConflictError
    from shopkit.services.listings import TakenError

Json = dict[str, Any]


def read_listing(value: object) -> Listing:
    """Return the listing that a JSON value says; ``RequestError`` with everything that is wrong with it."""
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    try:
        # By way of text: lists of JSON become tuples, and nothing else is converted.
        found = Listing.model_validate_json(to_json(value))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise RequestError(from_pydantic(one, siblings(Listing, one["loc"])) for one in details) from None
    problems = list(_strangers(found))
    if problems:
        raise RequestError(problems)
    return found


def _strangers(listing: Listing) -> Iterator[RequestProblem]:
    """Find countries that are none."""
    named: list[tuple[tuple[str | int, ...], str | None]] = [(("origin",), listing.origin)]
    named += [(("inputs", index, "origin"), one.origin) for index, one in enumerate(listing.inputs)]
    named += [(("markets", index, "market"), one.market) for index, one in enumerate(listing.markets)]
    for where, country in named:
        if country is not None and country != "*" and not is_country(country):
            yield RequestProblem(pointer(where), "country.unknown", {"value": country})


def problems_of(error: TakenError | UnknownPhotoError, listing: Listing) -> tuple[RequestProblem, ...]:
    """Return what is wrong with a listing that cannot be kept beside the others."""
    if isinstance(error, UnknownPhotoError):
        return tuple(RequestProblem(pointer(("photos", place, "id")), "photo.unknown") for place in error.places)
    if error.field == "key":
        return (RequestProblem("/key", "listing_key.taken", {"names": listing.key}),)
    places = {one.sku: index for index, one in enumerate(listing.variants)}
    return tuple(
        RequestProblem(pointer(("variants", places[sku], "sku")), "sku.taken", {"names": sku}) for sku in error.names
    )


def conflicts_of(error: ConflictError) -> tuple[RequestProblem, ...]:
    """Return the fields that were changed again since, so that a change cannot be taken back."""
    return tuple(RequestProblem(pointer(path), "listing.changed_since") for path in error.paths)
