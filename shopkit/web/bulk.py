"""One change in many listings at once: those that were ticked in the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from shopkit.services import listings
from shopkit.services.listing_reading import problems_of, read_listing
from shopkit.services.listings import ListingNotFoundError, StaleError, TakenError, document_of
from shopkit.services.photos import UnknownPhotoError
from shopkit.services.problems import RequestError
from shopkit.web.language import N_
from shopkit.web.listing_cells import STATUSES

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from translations.ui import Speech

Json = dict[str, Any]
NOTHING: Final = N_("Tick the listings that are to change.")
NO_VALUE: Final = N_("Say what it is to be changed to.")
# How often a listing that others change at the same time is tried.
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Done:
    """How many listings changed, and what is wrong with the others."""

    changed: int
    problems: tuple[str, ...] = ()


def change(services: Services, who: Actor, sent: MultiDict[str, str], speech: Speech) -> Done:
    """Make the change that the form asks for in every listing that is ticked."""
    translate = speech.sentences.gettext
    ids, what = sent.getlist("listing"), sent.get("do", "")
    value = sent.get(what, "").strip()
    if not ids:
        return Done(0, (translate(NOTHING),))
    if not value or (what == "status" and value not in STATUSES):
        return Done(0, (translate(NO_VALUE),))
    changed, problems = 0, []
    for listing_id in dict.fromkeys(ids):
        try:
            changed += _one(services, who, listing_id, what, value)
        except ListingNotFoundError:
            continue
        except RequestError as error:
            # A wrong code is wrong for all of them: it is said once.
            problems += [one.message(speech.language) for one in error.problems]
            break
    return Done(changed, tuple(dict.fromkeys(problems)))


def _one(services: Services, who: Actor, listing_id: str, what: str, value: str) -> int:
    for tries in range(_TRIES):
        kept = listings.get_listing(services, who, listing_id)
        listing = read_listing(_changed(document_of(kept.listing), what, value))
        try:
            saved = listings.save_listing(services, who, listing_id, listing, kept.version)
        except StaleError:
            if tries == _TRIES - 1:
                raise
        except (TakenError, UnknownPhotoError) as error:
            raise RequestError(problems_of(error, listing)) from None
        else:
            return int(saved.version != kept.version)
    return 0


def _changed(document: Json, what: str, value: str) -> Json:
    if what == "hs_code":
        return document | {"hs_code": value, "hs_evidence": {"by": "seller"}}
    if what in {"add_tags", "drop_tags"}:
        given = [one for one in (part.strip() for part in value.split(",")) if one]
        kept = [one for one in document.get("tags", []) if one not in given]
        return document | {"tags": kept + given if what == "add_tags" else kept}
    return document | ({what: value} if what in {"status", "origin"} else {})
