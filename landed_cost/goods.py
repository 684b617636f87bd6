"""What the goods are in the destination's tariff: the lines a code may mean, and what they are worth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal

from landed_cost.classify import classify
from landed_cost.expressions import Expression, parse, percent
from landed_cost.hs import HsCodeError, dotted, normalise
from landed_cost.model import Item, Reason, Source
from landed_cost.rulebook.agreements import Agreement
from landed_cost.rulebook.bands import Band, Bands
from landed_cost.rulebook.book import Law
from landed_cost.rulebook.facts import Evidence, in_all
from landed_cost.schedules.marks import (
    AGREEMENTS,
    ESTIMATE,
    IN_QUOTA,
    NATIONAL,
    NOMINAL,
    OLD_CODE,
    QUOTA,
    REMEDY,
    SAFEGUARD,
    SUSPENDED,
    TRANSITION,
)
from landed_cost.schedules.model import Edition, Schedule, TariffLine

SHORT = 6
_KEPT_MEANINGS = 20_000
FREE = parse("Free")
_OF_MARK: Final = {
    ESTIMATE: "schedule.estimate",
    NOMINAL: "schedule.nominal",
    NATIONAL: "schedule.national",
    OLD_CODE: "schedule.old_code",
    SUSPENDED: "schedule.suspended",
    TRANSITION: "schedule.transition",
    QUOTA: "schedule.quota",
    IN_QUOTA: "schedule.in_quota",
    SAFEGUARD: "schedule.safeguard",
    REMEDY: "schedule.remedy",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One tariff line that a code may mean. ``general`` is ``None`` when its rate is not known at all."""

    code: str
    general: Expression | None
    evidence: Evidence
    line: TariffLine | None = None
    band: Band | None = None
    # Which of a band's columns, or of a line's rates, this candidate stands for: min, typical, max or another.
    column: str = "typical"
    # Whether it is what is shown where others may count as well.
    is_usual: bool = False


@dataclass(frozen=True, slots=True)
class Preferred:
    """What an agreement gives on a line: ``rates`` low, typical, high (``None``: the general rate), or a quota."""

    rates: tuple[Expression | None, Expression | None, Expression | None]
    quota: tuple[str, ...] = ()
    is_known: bool = True
    # How sure the agreement's own rate for the destination is; the special column of a schedule is the law itself.
    status: str = "verified"
    # Whether it is the agreement's own row that gives the rate, and not the line of a schedule.
    by_row: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """The lines an item's code may mean, and what has to be said about it."""

    candidates: tuple[Candidate, ...]
    reasons: tuple[Reason, ...] = ()
    problem: tuple[str, Mapping[str, str]] | None = None
    codes: tuple[str, ...] = field(default=())
    # The lines with their rates, written out: goods of which this is the same are of one kind. A text keeps its hash.
    lines: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Write out the lines."""
        object.__setattr__(self, "lines", "\n".join([_written(one) for one in self.candidates]))


def _written(candidate: Candidate) -> str:
    rate = candidate.general
    usual = "usual" if candidate.is_usual else ""
    return f"{candidate.code} {candidate.column} {usual} {f'{rate.text} {rate.currency}' if rate else '?'}"


def meaning(item: Item, law: Law) -> Meaning:
    """Return what ``item`` is in the tariff of the destination; never raises for what a seller may write.

    ``problem`` is set for a code that does not exist (with the nearest lines): the request is then at fault.
    """
    if item.hs_code is None:
        return _classified(item, law)
    key = (item.hs_code, item.hs_schedule, item.id, item.attributes.get("in_quota"))
    found: Meaning | None = law.meanings.get(key)
    if found is None:
        if len(law.meanings) >= _KEPT_MEANINGS:
            law.meanings.clear()
        found = law.meanings[key] = _read(item, item.hs_code, law)
    return found


def _read(item: Item, hs_code: str, law: Law) -> Meaning:
    try:
        code = normalise(hs_code)
    except HsCodeError as error:
        return Meaning((), problem=("hs.invalid", {"code": hs_code, "why": str(error)}))
    own = item.hs_schedule is None or item.hs_schedule.upper() in (law.destination.country, law.destination.territory)
    if not own and len(code) > SHORT:
        # A national code of another country says nothing beyond its six universal digits.
        return _found(code[:SHORT], code, item, law)
    return _found(code, code, item, law)


def _classified(item: Item, law: Law) -> Meaning:
    guesses = classify(item.description, limit=1)
    if not guesses:
        reason = Reason("hs.unclassified", "refused", {"description": item.description}, item.id)
        return Meaning((), (reason,))
    code = guesses[0].hs6
    found = _found(code, code, item, law)
    if found.problem is not None:
        # Our guess is not in this tariff: that is no fault of the request.
        return Meaning((), (Reason("hs.unclassified", "refused", {"description": item.description}, item.id),))
    reason = Reason("hs.classified", "estimated", {"code": dotted(code)}, item.id)
    return Meaning(found.candidates, (reason, *found.reasons), codes=found.codes)


def _found(code: str, asked: str, item: Item, law: Law) -> Meaning:
    if law.schedule is not None:
        return _scheduled(law.schedule, code, asked, item, law)
    if law.bands is not None:
        return _banded(law.bands, code, asked, item, law)
    return _unknown(code, law)


def _scheduled(schedule: Schedule, code: str, asked: str, item: Item, law: Law) -> Meaning:
    match = schedule.lookup(code)
    if not match.found:
        nearest = "; ".join(f"{dotted(line.code)} {line.description}" for line in schedule.nearest(code))
        return Meaning((), problem=("hs.unknown", {"code": asked, "nearest": nearest}))
    reasons = []
    edition = schedule.edition
    if edition.effective > law.on:
        params = {"edition": edition.title, "effective": edition.effective.isoformat()}
        reasons.append(Reason("schedule.later_edition", "info", params))
    if match.truncated or code != asked:
        params = {"code": asked, "digits": str(len(match.used))}
        reasons.append(Reason("hs.truncated", "info", params, item.id))
    exact = len(match.lines) == 1
    answer = item.attributes.get("in_quota")
    lines = match.lines if exact else _on_the_side(match.lines, answer)
    candidates = tuple(one for line in lines for one in _of_line(line, edition, law, answer, is_only=exact))
    marks = dict.fromkeys(mark for line in lines for mark in _open_marks(line, answer))
    if REMEDY in marks and _is_held(law, match.used):
        # The rulebook knows the measure, with its origin; the file only knows that there is one.
        del marks[REMEDY]
    for mark in marks:
        params = {"code": dotted(match.used), "edition": edition.title, "country": edition.country}
        # How much a remedy comes to stands nowhere: without an upper end there is no answer.
        level: Literal["estimated", "refused"] = "refused" if mark == REMEDY else "estimated"
        reasons.append(Reason(_OF_MARK[mark], level, params, item.id))
    if not exact and _differ(candidates):
        params = {"code": dotted(match.used), "lines": str(len(match.lines))}
        reasons.append(Reason("hs.short", "estimated", params, item.id))
    return Meaning(candidates, tuple(reasons), codes=tuple(dict.fromkeys(one.code for one in candidates)))


def _is_held(law: Law, code: str) -> bool:
    """Whether the rulebook itself holds the trade remedies on a code: a list ``<country>.remedy`` names it."""
    rule = law.destination.lists.get(f"{law.destination.country.lower()}.remedy")
    return rule is not None and rule.find(code)[0] is True


def _on_the_side(lines: tuple[TariffLine, ...], in_quota: str | None) -> tuple[TariffLine, ...]:
    """Return the lines on the side of the quota that was said; all of them where that leaves none, or nothing was."""
    if in_quota is None or not any(IN_QUOTA in line.marks for line in lines):
        return lines
    return tuple(line for line in lines if (IN_QUOTA in line.marks) is (in_quota == "yes")) or lines


def _open_marks(line: TariffLine, in_quota: str | None) -> tuple[str, ...]:
    """Return what is doubtful about a line once it was said on which side of its quota the goods are."""
    if in_quota is None:
        return line.marks
    settled = {QUOTA, IN_QUOTA}
    if in_quota == "yes" and IN_QUOTA in line.marks:
        # A safeguard falls on what is beyond the quota.
        settled.add(SAFEGUARD)
    return tuple(mark for mark in line.marks if mark not in settled)


def _of_line(
    line: TariffLine, edition: Edition, law: Law, in_quota: str | None, *, is_only: bool
) -> Iterator[Candidate]:
    """Yield the line with the rate that is shown, and once more for each rate that may count instead."""
    marks = line.marks
    rates: tuple[Expression | None, ...] = (line.general, *line.alternatives)
    if IN_QUOTA in marks:
        # Beyond the quota is where goods are that nobody says are within it; a short code has those lines anyhow.
        within, beyond = rates[:1], rates[1:] or (None,)
        rates = within if in_quota == "yes" or not is_only else beyond
        rates += within if in_quota is None and is_only else ()
    elif QUOTA in marks and in_quota is not None:
        rates = rates[:1] if in_quota == "no" else rates[1:] or (None,)
    if NOMINAL in marks and law.bands is not None and (band := law.bands.find(line.code[:SHORT])) is not None:
        # What we know of the country's own exceptions is how far its rates go in this chapter.
        rates += (_percent(band.low), _percent(band.high))
    evidence = _line_evidence(
        line.code,
        edition.country.lower(),
        edition.id,
        Source(edition.title, edition.url),
        edition.effective,
        edition.known_until,
        edition.status,
    )
    for number, rate in enumerate(dict.fromkeys(rates)):
        column = f"other {number}" if number else "typical"
        is_usual = is_only and not number and len(rates) > 1
        yield Candidate(line.code, rate, evidence, line, column=column, is_usual=is_usual)


def _differ(candidates: tuple[Candidate, ...]) -> bool:
    return len({candidate.general.text if candidate.general else "" for candidate in candidates}) > 1


@lru_cache(maxsize=20_000)
def _line_evidence(
    code: str, country: str, edition: str, source: Source, since: date, known_until: date, status: str
) -> Evidence:
    """Return the evidence of a schedule's line, for which the edition speaks; one for all items on that line."""
    book = "hts" if country == "us" else "tariff"
    return Evidence(
        id=f"{country}.{book}.{dotted(code)}",
        what=in_all(f"{source.title}, {dotted(code)}"),
        since=since,
        until=None,
        known_until=known_until,
        volatility="low",
        status=status,
        source_count=1,
        sources=(source,),
        heading=None,
        note=None,
        where=edition,
    )


def _banded(bands: Bands, code: str, asked: str, item: Item, law: Law) -> Meaning:
    country = law.destination.territory
    band = bands.find(code[:SHORT])
    found = [band] if band is not None else bands.under(code)
    if not found:
        if bands.is_whole:
            return Meaning((), problem=("hs.unknown", {"code": asked, "nearest": _near(code, bands)}))
        return _unknown(code, law)
    reasons = []
    if len(asked) > SHORT:
        reasons.append(Reason("hs.six_used", "info", {"code": dotted(code[:SHORT])}, item.id))
    candidates = tuple(candidate for one in found for candidate in _of_band(one, code[:SHORT], bands, law))
    if any(not one.is_uniform for one in found):
        rates = [one.low for one in found] + [one.high for one in found]
        low, high = f"{min(rates).normalize():f} %", f"{max(rates).normalize():f} %"
        ends = (low, "?") if any(one.open_lines for one in found) else (low,) if low == high else (low, high)
        params = {"code": dotted(code[:SHORT]), "country": country, "rates": " – ".join(ends)}
        reasons.append(Reason("duty.band", "estimated", params, item.id))
    elif len(found) > 1 and len({one.low for one in found}) > 1:
        reasons.append(Reason("hs.short", "estimated", {"code": dotted(code), "lines": str(len(found))}, item.id))
    return Meaning(candidates, tuple(reasons), codes=tuple(candidate.code for candidate in candidates))


def _near(code: str, bands: Bands) -> str:
    """Name the codes nearest to one that does not exist: of its heading, or else the nearest in number."""
    heading = [prefix for prefix in bands.rows if prefix.startswith(code[:4])]
    near = heading or sorted(bands.rows, key=lambda prefix: abs(int(prefix.ljust(SHORT, "0")) - int(code[:SHORT])))
    return "; ".join(dotted(prefix) for prefix in sorted(near[:5]))


def _of_band(band: Band, code: str, bands: Bands, law: Law) -> tuple[Candidate, ...]:
    evidence = _band_evidence(
        law.destination.territory,
        band.prefix,
        Source(bands.source, bands.url),
        law.destination.evidence_until,
        since=law.destination.evidence_from,
    )
    used = code if len(code) > len(band.prefix) else band.prefix
    columns = {"min": band.low}
    if not band.is_uniform or band.varies:
        columns |= {"typical": band.typical, "max": band.high}
    candidates = [
        Candidate(used, _percent(rate), evidence, band=band, column=column, is_usual=column == "typical")
        for column, rate in columns.items()
    ]
    if band.open_lines:
        # Some lines are taxed by weight or piece, and the band cannot say how much.
        candidates.append(Candidate(used, None, evidence, band=band, column="max"))
    return tuple(candidates)


# What a band is called beside its code; which tariff it sums up is said by its source.
_OUR_BANDS: Final = {
    "en": "Our own summary of the tariff",
    "es": "Nuestro propio resumen del arancel",
    "pt": "Nosso próprio resumo da tarifa",
}


@lru_cache(maxsize=20_000)
def _band_evidence(country: str, prefix: str, source: Source, known_until: date, since: date) -> Evidence:
    return Evidence(
        id=f"{country.lower()}.band.{prefix}",
        what={language: f"{name}, {prefix}" for language, name in _OUR_BANDS.items()},
        since=since,
        until=None,
        known_until=known_until,
        volatility="low",
        status="reported",
        source_count=1,
        sources=(source,),
        heading=None,
        note=None,
        where=f"bands/{country.lower()}.csv",
    )


def _unknown(code: str, law: Law) -> Meaning:
    """No schedule and no band: the flat regimes may still answer, the tariff cannot."""
    country = law.destination.country
    evidence = Evidence(
        f"{country.lower()}.tariff", in_all(""), None, None, None, "high", "memory", 0, (), None, None, "no tariff"
    )
    return Meaning((Candidate(code, None, evidence),), codes=(code,))


@lru_cache(maxsize=4096)
def _percent(rate: Decimal | Fraction) -> Expression:
    return percent(rate)


def preferred(candidate: Candidate, agreement: Agreement, law: Law) -> Preferred | None:
    """Return what ``agreement`` gives on ``candidate``, or ``None`` when it gives nothing.

    Source of a rate: in the US the special column by programme symbol; a line whose general rate is Free can be claimed
    too (it is the claim that opens the exemptions). Elsewhere the column of the agreement where the imported file has
    one, and else the agreement's own row for the destination.
    """
    country = law.destination.territory
    if country == "US":
        return _by_symbol(candidate, agreement)
    if candidate.line is not None and agreement.id in candidate.line.extra.get(AGREEMENTS, "").split():
        return _by_special(candidate.line, frozenset({agreement.id}))
    rate = agreement.rates.get(country)
    if rate is None:
        return None
    if rate.value is not None:
        given = _percent(rate.value)
        return Preferred((given, given, given), status=rate.status, by_row=True)
    low, high = _percent(rate.low), None if rate.high is None else _percent(rate.high)
    return Preferred((low, high, high), is_known=False, status=rate.status, by_row=True)


def _by_symbol(candidate: Candidate, agreement: Agreement) -> Preferred | None:
    if not agreement.us_symbols:
        return None
    if candidate.general is not None and candidate.general.is_free:
        return Preferred((FREE, FREE, FREE))
    if candidate.line is not None:
        return _by_special(candidate.line, agreement.us_symbols)
    return None if candidate.band is None else _by_mark(candidate.band, agreement.us_symbols)


def _by_special(line: TariffLine, symbols: frozenset[str]) -> Preferred | None:
    quota: tuple[str, ...] = ()
    for special in line.special:
        if special.symbols & symbols:
            if special.rate is not None:
                return Preferred((special.rate, special.rate, special.rate))
            quota = special.see
    return Preferred((None, None, None), quota) if quota else None


def _by_mark(band: Band, symbols: frozenset[str]) -> Preferred | None:
    marks = {band.free.get(symbol, "n") for symbol in symbols}
    if "a" in marks:
        return Preferred((FREE, FREE, FREE))
    return Preferred((FREE, None, None), is_known=False) if "s" in marks else None
