"""Finding a tariff code: by everyday words in three languages, in the official text, or by the beginning of a code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from landed_cost.classify import classify
from landed_cost.hs import HsCodeError, dotted, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from landed_cost.schedules import Schedule, TariffLine
    from shopkit.services.context import Services

Json = dict[str, Any]
LIMIT: Final = 10
LONGEST: Final = 200


class ScheduleNotLoadedError(LookupError):
    """No official schedule of this country is loaded."""


def search(services: Services, text: str, language: str, country: str | None = None) -> list[Json]:
    """Return codes that the words (or digits) may mean, the likeliest first.

    Words are looked up in our vocabulary, and then in the official text of the loaded schedules (of one country). A
    code is followed by the lines under it. All of it is to choose from: nothing is decided here.
    """
    schedules = _schedules(services, country)
    try:
        digits = normalise(text)
    except HsCodeError:
        digits = ""
    if digits:
        return [_line(schedule, line) for schedule in schedules for line in _under(schedule, digits)][:LIMIT]
    found = [
        {
            "hs_code": dotted(guess.hs6),
            "name": guess.label[language],
            "score": guess.score,
            "matched": list(guess.why),
            "question": None if guess.question is None else guess.question[language],
            "rate": None,
            "schedule": None,
        }
        for guess in classify(text, language, LIMIT)
    ]
    if found and language != "en":
        # The official texts are in the country's own language; words of another only meet in them by chance.
        return found
    return found + [_line(schedule, line) for schedule in schedules for line in schedule.search(text, LIMIT)]


def _schedules(services: Services, country: str | None) -> list[Schedule]:
    rulebook = services.rulebook
    found = {name: rulebook.schedule(name) for name in ([country] if country else sorted(rulebook.destinations))}
    if country is not None and found[country] is None:
        raise ScheduleNotLoadedError(country)
    return [schedule for schedule in found.values() if schedule is not None]


def _under(schedule: Schedule, digits: str) -> Iterable[TariffLine]:
    match = schedule.lookup(digits)
    return match.lines[:LIMIT] if match.found else schedule.nearest(digits, LIMIT)


def _line(schedule: Schedule, line: TariffLine) -> Json:
    return {
        "hs_code": dotted(line.code),
        "name": line.description,
        "score": None,
        "matched": [],
        "question": None,
        "rate": line.general.text,
        "schedule": schedule.edition.title,
    }
