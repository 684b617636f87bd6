"""What if a limit fell: one figure of a law supposed on the page Compare, and what it changes for the basket."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from shopkit.services import quotes
from shopkit.services.problems import RequestError
from shopkit.services.quotes import Answer
from shopkit.services.what_if import limits
from shopkit.web import choices, forms
from shopkit.web.answers import OUTCOMES

if TYPE_CHECKING:
    from datetime import date

    from landed_cost import Rulebook
    from landed_cost.rulebook.facts import Fact
    from shopkit.services.context import Services
    from shopkit.services.quotes import Compared
    from shopkit.web.forms import Form
    from translations.ui import Speech

Json = dict[str, Any]
# Fields of the page alone: they are in no request for a quote.
FIELDS: Final = ("suppose", "suppose_value")


@dataclass(frozen=True, slots=True)
class Change:
    """What one destination comes to by the law, and if so; a sum is ``None`` where no figure can be given."""

    name: str
    before: Decimal | None
    after: Decimal | None
    mark_before: tuple[str, str]
    mark_after: tuple[str, str]

    @property
    def more(self) -> Decimal | None:
        """How much more the buyer pays if so."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Supposition:
    """A limit that is supposed to be ``value``: what it is called in the law, what the law says, and what changes."""

    what: str
    law: str
    value: str
    unit: str
    changes: tuple[Change, ...]


def offered(rulebook: Rulebook, on: date, speech: Speech) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the limits that can be supposed, as groups of a list to choose from: destination, then (id, words)."""
    groups: dict[str, list[tuple[str, str]]] = {}
    seen: set[str] = set()
    for code, name in choices.destinations(rulebook, speech):
        # A limit that several destinations share stands at the first of them: it changes for all.
        rows = [row for row in limits(rulebook, code, on) if row.id not in seen]
        seen.update(row.id for row in rows)
        if rows:
            groups[name] = [
                (row.id, f"{code} · {speech.money(row.text, row.unit)} · {row.what[speech.language]}") for row in rows
            ]
    return list(groups.items())


def suppose(
    services: Services, form: Form, basket: Json, found: Compared, on: date, speech: Speech, seller: str | None = None
) -> Supposition | None:
    """Return what the supposition in the form changes; ``None`` without one, or with one that is wrong at its field."""
    chosen, value = form.value("suppose"), forms.read_supposed(form, speech)
    row = _find(services.rulebook, chosen, on)
    if row is None or value is None:
        if row is None and (chosen or value is not None):
            form.errors["suppose"] = speech.sentences.gettext(forms.CHOOSE)
        elif row is not None and "suppose_value" not in form.errors:
            form.errors["suppose_value"] = speech.sentences.gettext(forms.NEEDED)
        return None
    what_if = {"set": {row.id: {"value": value, "unit": row.unit}}}
    try:
        under = quotes.answer_everywhere(services, basket | {"what_if": what_if}, seller=seller)
    except RequestError as error:
        form.errors["suppose_value"] = " ".join(one.message(speech.language) for one in error.problems)
        return None
    return Supposition(
        row.what[speech.language], row.text, value, row.unit, _changes(found, under, services.rulebook, speech)
    )


def _find(rulebook: Rulebook, id_: str, on: date) -> Fact | None:
    return next((row for code in rulebook.destinations for row in limits(rulebook, code, on) if row.id == id_), None)


def _changes(found: Compared, under: Compared, rulebook: Rulebook, speech: Speech) -> tuple[Change, ...]:
    changes = []
    for (country, law), (_, if_so) in zip(found.entries, under.entries, strict=True):
        before, after = _sum(law), _sum(if_so)
        if before != after:
            name = rulebook.destinations[country].name[speech.language]
            changes.append(Change(name, before, after, _mark(law), _mark(if_so)))
    return tuple(sorted(changes, key=lambda one: choices.by_name(("", one.name))))


def _sum(entry: Answer | RequestError) -> Decimal | None:
    landed = entry.stored["totals"]["landed"] if isinstance(entry, Answer) else None
    return None if landed is None else Decimal(landed)


def _mark(entry: Answer | RequestError) -> tuple[str, str]:
    return OUTCOMES[entry.stored["assessment"]["outcome"] if isinstance(entry, Answer) else "refused"]
