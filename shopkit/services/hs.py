"""Finding a tariff code: by everyday words in three languages, in the official text, or by the beginning of a code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from landed_cost.asking import question_between, told_apart
from landed_cost.classify import classify
from landed_cost.hs import HsCodeError, dotted, normalise
from landed_cost.ranking import Ranking
from landed_cost.schedules.words import stems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from landed_cost.classify import Candidate
    from landed_cost.schedules import Schedule, TariffLine
    from shopkit.services.context import Services

Json = dict[str, Any]
LIMIT: Final = 10
# How many lines under a code are shown.
LINES: Final = 4
_STEP: Final = " > "
LONGEST: Final = 200


class ScheduleNotLoadedError(LookupError):
    """No official schedule of this country is loaded."""


@dataclass(frozen=True, slots=True)
class Found:
    """What words or digits may mean, the likeliest first, and the one question that separates it, if any is open."""

    results: list[Json]
    question: Json | None = None


def search(services: Services, text: str, language: str, country: str | None = None) -> Found:
    """Return codes that the words (or digits) may mean, the likeliest first, and what would settle the choice.

    Words are looked up in our vocabulary, and then in the official text of the loaded schedules (of one country). With
    a country each code comes with its official text there and the lines under it. All of it is to choose from: nothing
    is decided here.
    """
    schedules = _schedules(services, country)
    try:
        digits = normalise(text)
    except HsCodeError:
        digits = ""
    if digits:
        return Found([_line(schedule, line) for schedule in schedules for line in _under(schedule, digits)][:LIMIT])
    found = suggest(text, language, schedules[0] if country else None)
    if not found.results or language == "en":
        # The official texts are in the country's own language; words of another only meet in them by chance.
        lines = [_line(schedule, line) for schedule in schedules for line in schedule.search(text, LIMIT)]
        return replace(found, results=[*found.results, *lines])
    return found


def suggest(text: str, language: str, schedule: Schedule | None, limit: int = LIMIT) -> Found:
    """Return the codes of our vocabulary that words may mean, with what the schedule of a destination holds of each."""
    guesses = classify(text, language, limit, partly=True)
    apart = told_apart(guesses, language)
    results = [_guess(guess, text, language, schedule, apart) for guess in guesses]
    return Found(results, _question(guesses, language, {one["hs_code"]: one["name"] for one in results}))


def ending(official: str | None) -> str:
    """Return the last two steps of an official text, which say what of the whole path is the code's own."""
    return _STEP.join((official or "").split(_STEP)[-2:])


def _guess(
    guess: Candidate, text: str, language: str, schedule: Schedule | None, apart: Mapping[str, str | None]
) -> Json:
    """Return a code of our vocabulary, with its official text and the nearest lines under it where one is loaded."""
    lines = [] if schedule is None else schedule.lines_under(guess.hs6)
    official = _common(lines)
    return {
        "hs_code": dotted(guess.hs6),
        "name": _name(guess, language, apart, official),
        "score": guess.score,
        "matched": list(guess.why),
        "question": None if guess.question is None else guess.question[language],
        "rate": None,
        "schedule": None if schedule is None else schedule.edition.title,
        "official": official,
        "lines": [
            {"hs_code": dotted(line.code), "name": line.description, "rate": line.general.text}
            for line in _nearest(lines, official or "", f"{text} {' '.join(guess.label.values())}")
        ],
        "lines_in_all": len(lines),
    }


def _common(lines: Sequence[TariffLine]) -> str | None:
    """Return what the descriptions of the lines under a code have in common: the official text of the code itself."""
    if not lines:
        return None
    paths = [line.description.split(_STEP) for line in lines]
    shared = []
    for steps in zip(*paths, strict=False):
        if len(set(steps)) > 1:
            break
        shared.append(steps[0])
    return _STEP.join(shared) or None


def _nearest(lines: Sequence[TariffLine], official: str, text: str) -> list[TariffLine]:
    """Return the lines whose own words are nearest, filled up with the others in the order of the tariff."""
    ranking = Ranking(stems(line.description.removeprefix(official)) for line in lines)
    first = [place for place, _ in ranking.best(stems(text), LINES)]
    others = [place for place in range(len(lines)) if place not in first]
    return [lines[place] for place in [*first, *others][:LINES]]


def _name(guess: Candidate, language: str, apart: Mapping[str, str | None], official: str | None) -> str:
    """Return what a code is called: the thing, and what sets this code apart where others are called the same.

    Where we have no words of our own for that, the tariff's stand in for them.
    """
    if guess.hs6 not in apart:
        return guess.label[language]
    words = apart[guess.hs6]
    if words is not None:
        return f"{guess.name[language]}: {words}"
    return ": ".join(filter(None, (guess.label[language], ending(official))))


def _question(guesses: Sequence[Candidate], language: str, names: Mapping[str, str]) -> Json | None:
    """Return the question in a language, each answer called as it is in the list."""
    asked = question_between(guesses, language)
    if asked is None:
        return None
    codes = [dotted(hs6) for hs6, _ in asked.answers]
    return {"text": asked.text, "answers": [{"hs_code": code, "name": names[code]} for code in codes]}


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
        "official": line.description,
        "lines": [],
        "lines_in_all": 0,
    }
