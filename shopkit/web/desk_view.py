"""What the desk shows of a text: its state, what is found in it, what changed in its source, and what helps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from babel import Locale, UnknownLocaleError

from listings.channels import channels
from listings.texts import territory
from shopkit.services.checking import Checker
from shopkit.services.commenting import Comment, names
from shopkit.services.gate import going_out_all
from shopkit.services.suggesting import Help, helps
from shopkit.services.translation_plans import plan_of
from shopkit.services.translation_progress import what
from shopkit.web.language import N_, gettext
from translations.freshness import changes, normalised, standing
from translations.states import STRICT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from listings.channels import Channel
    from listings.model import Listing
    from shopkit.services.actors import Actor
    from shopkit.services.translations import Desk, Row
    from translations.findings import Finding
    from translations.freshness import Part, Piece
    from translations.memory import Match
    from translations.states import Held, Origin
    from translations.ui import Speech

FIELDS: Final = {
    "title": N_("Title"),
    "description": N_("Description"),
    "brand_line": N_("Brand line"),
    "label": N_("Text of the label"),
    "category": N_("Category"),
    "aftercare/warranty": N_("Warranty"),
    "aftercare/returns": N_("How returns work"),
    "aftercare/care": N_("Care"),
    "extra/SEO Title": N_("Title for search engines"),
    "extra/SEO title": N_("Title for search engines"),
    "extra/SEO Description": N_("Description for search engines"),
    "extra/SEO description": N_("Description for search engines"),
}
# What a text waits for, in a word and a shape.
WAITS: Final = {
    "missing": ("○", N_("Missing")),
    "draft": ("◐", N_("Draft")),
    "changed": ("◐", N_("Source changed")),
    "done": ("●", N_("Approved")),
    "rejected": ("○", N_("Rejected")),
}
HELD: Final[Mapping[Held, str]] = {
    "missing": N_("missing"),
    "changed": N_("source changed"),
    "unapproved": N_("not approved"),
    "rejected": N_("rejected"),
    "finding": N_("a check stops it"),
}
SEVERITIES: Final = {"block": N_("Stops it"), "export": N_("Stops this channel"), "warn": N_("Look at it")}
_SHOWN_CHARACTERS: Final = 60
_LINE: Final = 90


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in the reader's language; ``at`` is what of the text it is about."""

    finding: Finding
    severity: str
    at: str
    why: str
    how: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One text on the desk, beside its source."""

    row: Row
    index: int
    label: str
    text: str
    source: tuple[tuple[str, str], ...]
    found: tuple[Told, ...]
    changed: tuple[Piece, ...]
    standing: tuple[Part, ...]
    matches: tuple[Match, ...]
    comments: tuple[Comment, ...]
    waits: str
    origin: str
    problem: str = ""
    dismissed: tuple[tuple[str, str], ...] = ()

    @property
    def lines(self) -> int:
        """How tall its field is."""
        longest = max(len(self.text), len(self.row.leaf.text))
        breaks = max(self.text.count("\n"), self.row.leaf.text.count("\n"))
        return min(14, max(1, breaks + 1, -(-longest // _LINE) + 1 if longest > _LINE else 1))

    @property
    def shape(self) -> str:
        """The shape of its state."""
        return WAITS[self.waits][0]

    @property
    def state(self) -> str:
        """The word of its state."""
        return gettext(WAITS[self.waits][1])


@dataclass(slots=True)
class Sent:
    """What came with a form: texts as they were typed, by path; what was wrong with them; where to go next."""

    channel: str | None = None
    typed: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    status: HTTPStatus = HTTPStatus.OK
    focus: int = 0


@dataclass(frozen=True, slots=True)
class Door:
    """A channel and whether the listing leaves by it in the locale; ``held`` tells which texts do not, and why."""

    name: str
    label: str
    is_open: bool
    loose: bool
    held: tuple[tuple[str, str], ...]


def cells(
    session: Session,
    actor: Actor,
    desk: Desk,
    on: date,
    speech: Speech,
    sent: Sent,
    comments: Sequence[Comment] = (),
    *,
    with_help: bool = True,
) -> list[Cell]:
    """Return every text of a listing as the desk shows it; what was typed and not kept stands in its field."""
    plan = plan_of(session, actor)
    checker = Checker.of(session, actor, plan, on, sent.channel)
    listing = desk.kept.listing
    found = helps(session, actor, listing, desk.rows, desk.locale) if with_help else {}
    known = names(session, {one["who"] for row in desk.rows if row.kept for one in row.kept.dismissed})
    shown = []
    for index, row in enumerate(desk.rows):
        path = row.leaf.path
        text = sent.typed.get(path, row.text)
        shown.append(
            Cell(
                row,
                index,
                label(listing, path, row),
                text,
                _highlighted(row, found.get(path)),
                told(checker, listing, row, text, speech.language),
                *_changed(row),
                found[path].matches if path in found else (),
                tuple(one for one in comments if one.path == path),
                "rejected" if row.review == "rejected" else what(row),
                "" if row.kept is None or not row.kept.text else origin_of(row.kept.origin, speech),
                sent.problems.get(path, ""),
                tuple(
                    (known.get(one["who"], one["who"]), one["reason"])
                    for one in (row.kept.dismissed if row.kept else ())
                    if one["source"] == row.digest
                ),
            )
        )
    return shown


def told(checker: Checker, listing: Listing, row: Row, text: str, language: str) -> tuple[Told, ...]:
    """Return what is found in a text, in the reader's language."""
    found = []
    for one in checker.findings(listing, row, normalised(text)):
        said = one
        if one.channel:
            said = replace(one, values={**one.values, "channel": channels()[one.channel].label[language]})
        at = text[slice(*one.span)][:_SHOWN_CHARACTERS]
        found.append(Told(one, gettext(SEVERITIES[one.severity]), at, said.why(language), said.how(language)))
    return tuple(found)


def doors(session: Session, actor: Actor, desk: Desk, on: date, speech: Speech) -> list[Door]:
    """Return the channels that serve the locale's market, and what is held back at each."""
    plan = plan_of(session, actor)
    market = territory(desk.locale)
    labels = {row.leaf.path: label(desk.kept.listing, row.leaf.path, row) for row in desk.rows}
    found = []
    checker = Checker.of(session, actor, plan, on)
    for name, channel in channels().items():
        if not _serves(channel, market, desk.locale):
            continue
        going = going_out_all(session, actor, [desk.kept], desk.locale, name, on, checker)[desk.kept.id]
        held = tuple(
            (labels[leaf.path], ", ".join(gettext(HELD[one]) for one in why)) for leaf, why in going.held if leaf.main
        )
        loose = plan.allowance(name) != STRICT
        found.append(Door(name, channel.label[speech.language], going.is_open, loose, held))
    return found


def _serves(channel: Channel, market: str | None, locale: str) -> bool:
    if channel.languages and locale.partition("-")[0] not in channel.languages:
        return False
    return channel.serves(market)


def label(listing: Listing, path: str, row: Row) -> str:
    """Return what a text is called."""
    field = row.leaf.field
    if field in FIELDS:
        return gettext(FIELDS[field])
    kind, _, rest = path.partition("/")
    if kind == "photos":
        place = next((index for index, one in enumerate(listing.photos, 1) if one.id == rest), 0)
        return gettext(N_("What photo %(number)s shows")) % {"number": place}
    if kind == "words":
        return gettext(N_("Word of a list"))
    return rest or field


def origin_of(origin: Origin, speech: Speech) -> str:
    """Return where a text is from, as the desk says it; a machine's draft stays told as one."""
    machine = origin.machine
    if origin.kind == "engine" or (machine is not None and origin.kind != "person"):
        values = {"engine": machine.engine if machine else "", "day": _day(origin.at, speech)}
        return gettext(N_("Drafted by %(engine)s, %(day)s")) % values
    if machine is not None:
        return gettext(N_("By a person, from a draft by %(engine)s")) % {"engine": machine.engine}
    if origin.kind == "memory":
        return gettext(N_("From the memory, %(match)s %% alike")) % {"match": origin.match or 100}
    if origin.kind == "table":
        return gettext(N_("From the table of colours and materials"))
    if origin.kind == "import":
        return gettext(N_("Imported from %(name)s")) % {"name": origin.name}
    return gettext(N_("By a person"))


def _day(text: str, speech: Speech) -> str:
    return speech.day(text[:10]) if text else "–"


def locale_name(tag: str, speech: Speech) -> str:
    """Return what a locale is called in the reader's language; its tag where nobody calls it anything."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name(speech.locale)
    except (UnknownLocaleError, ValueError):
        return tag
    return name[:1].upper() + name[1:] if name else tag


def _changed(row: Row) -> tuple[tuple[Piece, ...], tuple[Part, ...]]:
    """Return the difference of the source since the text was made, and what of the text still holds."""
    if row.kept is None or row.freshness != "changed":
        return (), ()
    return changes(row.kept.source, row.leaf.text), standing(row.kept.source, row.leaf.text, row.kept.text)


def _highlighted(row: Row, help_: Help | None) -> tuple[tuple[str, str], ...]:
    """Return the source in pieces: words of the termbase with what they are called in the market."""
    text, done = row.leaf.text, 0
    pieces: list[tuple[str, str]] = []
    for hit in help_.terms if help_ is not None else ():
        called = ", ".join(dict.fromkeys(one.text for one in hit.readings[0].targets)) if hit.readings else ""
        if hit.start < done or not called:
            continue
        pieces += [(text[done : hit.start], ""), (text[hit.start : hit.end], called)]
        done = hit.end
    return tuple(piece for piece in (*pieces, (text[done:], "")) if piece[0])
