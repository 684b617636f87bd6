"""Rules of origin: whether goods originate under an agreement, step by step, and what cannot be decided.

Made in a country is not yet *originating*. What the seller says of materials, costs and work is held against the
general part of each agreement and the rule of the product, where that was read. Nothing is guessed: what is open leaves
the outcome open unless every answer to it would come to the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from landed_cost.model import RuleRef, Texts
from landed_cost.rulebook.agreements import Agreement
from landed_cost.rulebook.origin_rules import (
    DIGITS,
    OPERATIONS,
    All,
    Change,
    Confirmed,
    Content,
    Either,
    Foreign,
    Made,
    OriginRules,
    ProductRule,
    Rule,
)
from landed_cost.rulebook.reader import LANGUAGES

Outcome = Literal["originating", "not_originating", "cannot_be_decided"]
Transport = Literal["direct", "transit", "processed_elsewhere"]
# Work that leaves goods what they were, under whatever agreement.
MINIMAL: Final = frozenset({"packing", "labelling", "printing_logo", "sorting", "cleaning"})
_SHOWN: Final = 2


@dataclass(frozen=True, slots=True)
class Material:
    """One material: ``value`` in the goods' currency, what was paid for it at the works.

    ``originating_under`` names the agreements under which its supplier declares it to originate; ``None``: not asked.
    """

    description: str
    value: Fraction | None
    hs_code: str | None = None
    origin: str | None = None
    originating_under: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Goods:
    """What is made and how; all amounts in one currency and for the same quantity.

    ``works_cost`` is labour, energy and overhead at the works without materials, sales promotion, royalties and
    shipping. ``confirmed`` names conditions of rules that the seller answers for.
    """

    description: str
    hs_code: str
    made_in: str
    materials: tuple[Material, ...] = ()
    wholly_obtained: bool | None = None
    operations: frozenset[str] = frozenset()
    works_cost: Fraction | None = None
    ex_works: Fraction | None = None
    fob: Fraction | None = None
    transport: Transport | None = None
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at; ``met`` ``None`` is open. The sentence comes on reading."""

    code: str
    met: bool | None
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one agreement says of the goods; ``stays_of`` is the country they are of still, where only finished."""

    agreement: str
    name: Texts
    outcome: Outcome
    criterion: str | None
    steps: tuple[Step, ...]
    proof: Texts
    self_declared: bool
    stays_of: str | None
    rule: RuleRef | None
    cite: str | None


def build_down(price: Fraction, foreign: Fraction) -> Fraction:
    """Return the regional value content in percent: the price less materials that do not originate, of the price.

    >>> build_down(Fraction(200), Fraction(80))
    Fraction(60, 1)
    """
    return (price - foreign) / price * 100


def build_up(price: Fraction, own: Fraction) -> Fraction:
    """Return the regional value content in percent: originating materials, of the price."""
    return own / price * 100


def net_cost(cost: Fraction, foreign: Fraction) -> Fraction:
    """Return the regional value content in percent: the net cost less materials that do not originate, of the cost."""
    return (cost - foreign) / cost * 100


def judge(goods: Goods, agreement: Agreement, rules: OriginRules | None, on: date) -> Judgement:
    """Return whether ``goods`` originate under ``agreement`` on ``on``; ``rules`` ``None``: none of it was read."""
    if rules is not None and not _in_force(rules, on):
        rules = None
    met, criterion, steps = _judged(goods, agreement, rules)
    if goods.transport == "processed_elsewhere":
        steps.append(Step("origin.transport_broken", met=False))
        met = False
    elif met is not False:
        steps.append(
            Step("origin.transport_absent", None)
            if goods.transport is None
            else Step("origin.transport_kept", met=True)
        )
    found = None if rules is None else rules.rule_for(goods.hs_code)
    return Judgement(
        agreement=agreement.id,
        name=agreement.name,
        outcome="cannot_be_decided" if met is None else "originating" if met else "not_originating",
        criterion=criterion if met else None,
        steps=tuple(steps),
        proof=agreement.proof,
        self_declared=agreement.self_declared,
        stays_of=None if met is not False else _stays_of(goods),
        rule=None if rules is None else rules.evidence.ref,
        cite=None if found is None else found.cite,
    )


def _in_force(rules: OriginRules, on: date) -> bool:
    known = rules.evidence
    return (known.since is None or known.since <= on) and (known.until is None or on <= known.until)


def _judged(
    goods: Goods, agreement: Agreement, rules: OriginRules | None
) -> tuple[bool | None, str | None, list[Step]]:
    """Return whether the goods originate, by which criterion, and what was looked at."""
    within = frozenset(agreement.members) | frozenset(() if rules is None else rules.cumulation)
    standing = [_originates(one, agreement.id, within) for one in goods.materials]
    if goods.wholly_obtained and all(standing):
        return True, "wholly_obtained", [Step("origin.wholly_obtained", met=True, params={"country": goods.made_in})]
    steps = list(_of_materials(goods, standing))
    if not goods.materials:
        return None, None, [Step("origin.materials_absent", None)]
    if all(standing):
        steps.append(Step("origin.only_originating", met=True))
        return True, "only_originating", steps
    enough = _enough(goods, rules, standing)
    steps += enough[1]
    if enough[0] is False:
        return False, None, steps
    rule = None if rules is None else rules.rule_for(goods.hs_code)
    several = rules is not None and rules.splits(goods.hs_code)
    if rules is None or rule is None or several:
        where = agreement.name["en"] if rules is None else rules.read
        code = "origin.code_short" if several else "origin.no_rule"
        return None, None, [*steps, Step(code, None, {"code": goods.hs_code, "annex": where})]
    met, more = _ruled(goods, rules, rule, standing)
    steps += more
    return (None if met and enough[0] is None else met), "product_rule", steps


def _originates(material: Material, agreement: str, within: frozenset[str]) -> bool | None:
    if material.originating_under is not None and agreement in material.originating_under:
        return material.origin is None or material.origin in within
    if material.origin is None or (material.origin in within and material.originating_under is None):
        return None
    return False


def _of_materials(goods: Goods, standing: Iterable[bool | None]) -> Iterator[Step]:
    for material, known in zip(goods.materials, standing, strict=True):
        params = {"material": material.description, "country": material.origin or "?"}
        if known and material.origin != goods.made_in and material.origin is not None:
            yield Step("origin.cumulated", met=True, params=params)
        if known is None:
            yield Step("origin.material_unproved", None, params)


def _enough(goods: Goods, rules: OriginRules | None, standing: list[bool | None]) -> tuple[bool | None, list[Step]]:
    """Return whether more is done than work that never confers origin; ``None`` where the work is not told."""
    done = goods.operations
    if not done:
        return None, [Step("origin.operations_absent", None)]
    names = _named(sorted(done), ", ")
    if rules is not None and done <= rules.insufficient:
        return False, [Step("origin.insufficient", met=False, params=names)]
    same = [
        material
        for material, known in zip(goods.materials, standing, strict=True)
        if known is False and (material.hs_code or "").startswith(goods.hs_code[: DIGITS["heading"]])
    ]
    if done <= MINIMAL and same and not _tolerated(goods, rules, same):
        return False, [Step("origin.unchanged", met=False, params=names | {"material": same[0].description})]
    return True, []


def _named(operations: Iterable[str], between: str) -> dict[str, str]:
    names = [OPERATIONS[one] for one in operations]
    return {f"operations_{language}": between.join(name[language] for name in names) for language in LANGUAGES}


def _tolerated(goods: Goods, rules: OriginRules | None, unchanged: list[Material]) -> bool | None:
    """Return whether what does not change is little enough; ``None`` where a value is not known."""
    if rules is None or rules.tolerance is None or goods.hs_code.startswith(rules.tolerance_not or ("-",)):
        return False
    values = [one.value for one in unchanged]
    worth = _sum(values)
    return None if worth is None else _at_most(goods, rules, worth, rules.tolerance)


def _sum(values: Iterable[Fraction | None]) -> Fraction | None:
    total = Fraction(0)
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _price(goods: Goods, rules: OriginRules) -> tuple[Fraction | None, Fraction | None]:
    """Return bounds of the price that percentages are of: at the works costs less than free on board."""
    exact = goods.fob if rules.price == "fob" else goods.ex_works
    if exact is not None:
        return exact, exact
    return (goods.ex_works, None) if rules.price == "fob" else (None, goods.fob)


def _at_most(goods: Goods, rules: OriginRules, part: Fraction, percent: Fraction) -> bool | None:
    """Return whether ``part`` is at most so many percent of the price, as far as the price is known."""
    low, high = _price(goods, rules)
    if low is not None and part * 100 <= percent * low:
        return True
    if high is not None and part * 100 > percent * high:
        return False
    return None


@dataclass(slots=True)
class _Case:
    """The goods under one rule, and the materials that are foreign if what is open goes against the seller, or for."""

    goods: Goods
    rules: OriginRules
    strict: list[Material]
    lenient: list[Material]
    steps: list[Step] = field(default_factory=list)


def _ruled(
    goods: Goods, rules: OriginRules, rule: ProductRule, standing: list[bool | None]
) -> tuple[bool | None, list[Step]]:
    pairs = list(zip(goods.materials, standing, strict=True))
    case = _Case(
        goods, rules, [one for one, known in pairs if not known], [one for one, known in pairs if known is False]
    )
    met = _met(rule.rule, case)
    return met, case.steps


def _met(rule: Rule, case: _Case) -> bool | None:
    if isinstance(rule, All | Either):
        answers = [_met(part, case) for part in rule.parts]
        return _all(answers) if isinstance(rule, All) else _any(answers)
    step = _look(rule, case)
    case.steps.append(step)
    return step.met


def _all(answers: list[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _any(answers: list[bool | None]) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False


def _look(rule: Change | Content | Foreign | Made | Confirmed, case: _Case) -> Step:
    if isinstance(rule, Change):
        return _changes(rule, case)
    if isinstance(rule, Content):
        return _contents(rule, case)
    if isinstance(rule, Foreign):
        return _foreign(rule, case)
    if isinstance(rule, Made):
        done = case.goods.operations
        groups = [_named(group, " / ") for group in rule.groups]
        wanted = {key: "; ".join(group[key] for group in groups) for key in groups[0]}
        return Step("origin.made", all(done & set(group) for group in rule.groups) if done else None, wanted)
    confirmed = rule.name in case.goods.confirmed
    told = {f"text_{language}": text for language, text in rule.text.items()}
    return Step("origin.confirmed", met=True if confirmed else None, params=told | {"name": rule.name})


def _changes(rule: Change, case: _Case) -> Step:
    goods, digits = case.goods, DIGITS[rule.level]
    params = {f"level_{language}": _LEVELS[rule.level][language] for language in LANGUAGES}
    answers = []
    for materials in (case.strict, case.lenient):
        unchanged = [one for one in materials if _changed(one, goods.hs_code, digits, rule) is False]
        open_ = [one for one in materials if _changed(one, goods.hs_code, digits, rule) is None]
        if unchanged:
            params["material"] = ", ".join(f"{one.description} ({one.hs_code})" for one in unchanged)
        elif open_ and "material" not in params:
            params["material"] = ", ".join(one.description for one in open_)
        answer = (None if open_ else True) if not unchanged else _tolerated(goods, case.rules, unchanged + open_)
        answers.append(answer if not unchanged or answer is not False else False)
        if answer and unchanged:
            params["tolerance"] = _percent(case.rules.tolerance or Fraction(0))
    met = answers[0] if answers[0] == answers[1] else None
    if met is True:
        code = "origin.tolerated" if "tolerance" in params else "origin.changed"
    else:
        code = "origin.change_open" if met is None else "origin.not_changed"
    return Step(code, met, params | {"material": params.get("material", "")})


def _changed(material: Material, product: str, digits: int, rule: Change) -> bool | None:
    """Return whether a material comes from elsewhere in the tariff; ``None`` where its code is too short to tell."""
    code = material.hs_code or ""
    if rule.also and code.startswith(rule.also):
        return True
    if rule.outside and code.startswith(rule.outside):
        return False
    if any(prefix.startswith(code) for prefix in rule.outside):
        return None
    if len(code) < digits:
        return None if product.startswith(code) else True
    return code[:digits] != product[:digits]


def _contents(rule: Content, case: _Case) -> Step:
    answers: list[bool | None] = []
    told = []
    for method, least in rule.at_least.items():
        shares = [_share(method, case, materials) for materials in (case.strict, case.lenient)]
        answers.append(_reaches(method, case, shares, least))
        if shares[0] is not None:
            told.append(f"{_percent(shares[0])} ({_METHODS[method]}, ≥ {_percent(least)})")
    met = _any(answers)
    if not told:
        needed = ", ".join(_METHODS[method] for method in rule.at_least)
        return Step("origin.content_open", None, {"methods": needed})
    code = "origin.content_met" if met else "origin.content_open" if met is None else "origin.content_not_met"
    return Step(code, met, {"shares": "; ".join(told), "methods": "; ".join(told)})


def _share(method: str, case: _Case, foreign: list[Material]) -> Fraction | None:
    """Return the content in percent by one method, by the least price that is known; ``None`` where a value is not."""
    goods = case.goods
    outside = _sum(one.value for one in foreign)
    everything = _sum(one.value for one in goods.materials)
    if outside is None or everything is None:
        return None
    if method == "net_cost":
        cost = None if goods.works_cost is None else goods.works_cost + everything
        return None if not cost else net_cost(cost, outside)
    low, high = _price(goods, case.rules)
    price = low if low is not None else high
    if not price:
        return None
    return build_down(price, outside) if method == "build_down" else build_up(price, everything - outside)


def _reaches(method: str, case: _Case, shares: list[Fraction | None], least: Fraction) -> bool | None:
    strict, lenient = shares
    if strict is None or lenient is None:
        return None
    low, high = _price(case.goods, case.rules)
    exact = method == "net_cost" or (low is not None and low == high)
    if strict >= least and (exact or (method == "build_down" and low is not None)):
        return True
    if lenient < least and (
        exact or (method == "build_down" and low is None) or (method == "build_up" and low is not None)
    ):
        return False
    return None


def _foreign(rule: Foreign, case: _Case) -> Step:
    limit = rule.by_country.get(case.goods.made_in, rule.at_most)
    answers = []
    shown = "?"
    low, high = _price(case.goods, case.rules)
    for materials in (case.strict, case.lenient):
        worth = _sum(one.value for one in materials)
        answers.append(None if worth is None else _at_most(case.goods, case.rules, worth, limit))
        price = low or high
        if worth is not None and price and shown == "?":
            shown = _percent(worth / price * 100)
    met = answers[0] if answers[0] == answers[1] else None
    code = "origin.foreign_met" if met else "origin.foreign_open" if met is None else "origin.foreign_not_met"
    return Step(code, met, {"share": shown, "limit": _percent(limit)})


def _stays_of(goods: Goods) -> str | None:
    """Return the country that goods are of still: all was made in one country and only finished in another."""
    origins = {one.origin for one in goods.materials}
    if goods.operations and goods.operations <= MINIMAL and len(origins) == 1:
        return next(iter(origins))
    return None


def _percent(value: Fraction) -> str:
    """Return a percentage cut to two decimals, never rounded up over a limit.

    >>> _percent(Fraction(200, 3)), _percent(Fraction(60))
    ('66.66 %', '60 %')
    """
    hundredths = value * 10**_SHOWN // 1
    whole, part = divmod(int(hundredths), 10**_SHOWN)
    return f"{whole}.{part:02d} %" if part else f"{whole} %"


_LEVELS: Final[Mapping[str, Texts]] = {
    "chapter": {"en": "chapter", "es": "capítulo", "pt": "capítulo"},
    "heading": {"en": "heading", "es": "partida", "pt": "posição"},
    "subheading": {"en": "subheading", "es": "subpartida", "pt": "subposição"},
}
_METHODS: Final[Mapping[str, str]] = {"build_down": "build-down", "build_up": "build-up", "net_cost": "net cost"}
