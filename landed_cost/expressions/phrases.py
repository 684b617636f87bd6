"""The words that law puts behind a number: units of quantity, parts of the value, other rates.

Phrases are written as the schedules print them and cut by the same lexer as the rates; misprints of the official file
(``thebattery``, ``m2of recording surface``, ``thou- sand``) are words like the others.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from landed_cost.expressions.lexer import Token, in_order, tokens

Value = TypeVar("Value")
Words = tuple[str, ...]


def words(phrase: str) -> Words:
    """Return the texts of the phrase's tokens."""
    return tuple(token.text for token in tokens(in_order(phrase)) if token.kind != "end")


def _table(rows: Iterable[tuple[str, Value]]) -> Mapping[Words, Value]:
    return {words(phrase): value for text, value in rows for phrase in text.split(" | ")}


# What follows "/": the unit of law and its name in landed_cost.measures.
UNITS: Final[Mapping[Words, str]] = _table(
    [
        ("kg | kilogram | kg/net | kg net | kg on entire contents of container", "kg"),
        ("g | gram", "g"),
        ("t | tonne", "t"),
        ("t, including weight of container", "t gross"),
        ("kg on contents and container | kg, including weight of container | kg/gross | kg/br", "kg gross"),
        ("kg on drained weight | kg/net drained wt | kg eda", "kg drained"),
        ("clean kg", "clean kg"),
        ("kg of total sugars", "kg sugars"),
        ("kg/net dry | kg mas", "kg dry matter"),
        ("kg/lactic matter | kg/dry lactic matter", "kg lactic matter"),
        ("kg/tot alc", "kg alcohol"),
        ("kg/std qual | kg std qual", "kg standard quality"),
        ("kg/net/% sacchar.", "kg·% sucrose"),
        *((f"kg on {metal} content", f"kg {metal}") for metal in ("copper", "lead", "magnesium", "manganese")),
        *((f"kg on {metal} content", f"kg {metal}") for metal in ("molybdenum", "silicon", "tungsten", "zinc")),
        ("kg of anhydrous morphine content", "kg morphine"),
        ("liter | litre | l", "liter"),
        ("hl", "hl"),
        ("pf.liter | pf. liter | pf.liter on ethyl alcohol content | pf. liter on ethyl alcohol content", "pf.liter"),
        ("lpa | liter of alcohol", "liter of alcohol"),
        ("% vol/hl", "hl·% vol"),
        ("bbl | barrel", "bbl"),
        ("m | lin. m", "m"),
        ("m2", "m2"),
        ("m2 of recording surface | m2of recording surface", "m2 recording surface"),
        ("m3", "m3"),
        ("article | item | items | each | unit | pins", "each"),
        ("pack", "pack"),
        ("doz. | dozen", "doz."),
        ("gross", "gross"),
        ("thousand | thou- sand", "1000"),
        ("pr. | pair", "pr."),
        ("head", "head"),
        ("jewel", "jewel"),
        ("line/gross", "line·gross"),
        ("gross of immediate containers", "gross of containers"),
    ],
)

# What follows "%": the parts of the article's value that the percentage is taken on; none is the whole.
BASES: Final[Mapping[Words, tuple[str, ...]]] = _table(
    [
        ("ad valorem | ad val. | on the entire set | on the full value of the imported article", ()),
        ("on the case", ("case_value",)),
        ("on the strap, band or bracelet", ("strap_value",)),
        ("on the battery | on thebattery", ("battery_value",)),
        ("on the movement", ("movement_value",)),
        ("on the movement and case", ("movement_value", "case_value")),
        ("on the case and strap, band or bracelet", ("case_value", "strap_value")),
        ("on case and strap, band or bracelet", ("case_value", "strap_value")),
        ("on the apparatus", ("apparatus_value",)),
        ("on the value of the rifle", ("rifle_value",)),
        ("on the value of the telescopic sight, if any", ("sight_value",)),
        ("on the value of the lead content", ("lead_value",)),
        ("upon the value of the non-U.S. content", ("non_us_value",)),
        ("of the fair retail value", ("retail_value",)),
        ("of the cost of such goods or repairs | of the cost of such parts", ("repair_value",)),
        ("of the cost of such parts or materials", ("repair_value",)),
    ],
)

# What follows a rate to bound it.
AT_LEAST: Final = [words(p) for p in ("min", "not less than", "but not less than", ", but not less than")]
AT_MOST: Final = [
    words(phrase)
    for phrase in (
        "max",
        "not more than",
        "but not more than",
        ", but not more than",
        "not exceeding",
        "but not exceeding",
    )
]
CAP: Final = words(
    ", but if consisting in part of a plate or a set of plates the total duty shall not exceed the duty for the "
    "complete movement",
)
PER_DEGREE: Final = words(
    "for each degree under 100 degrees (and fractions of a degree in proportion) but not less",
)
OTHER_PARTS: Final = words("for each other piece or part")
# Parts of EU duties that follow from the recipe: agricultural component, extra duties on sugar and on flour.
RECIPES: Final = frozenset({"ea", "adsz", "adfm"})

# How a rate begins that is another rate. Matched without the hyphens of broken lines ("high- est").
_REFERENCES: Final = re.compile(
    r"""(?ix)
      the\ rate(\ of\ duty)?\ applicable\b
    | the\ (duty|rate|duty\ rate)\ provided\ (in\s?the|in|for)\b
    | see\ (additional\ |subchapter\ [ivx]+,\ )?u\.s\.\ note\b
    | no\ change\b
    | a\ duty\ (upon|equal|\(in\ lieu)\b
    | free,\ (under|for)\b
    | free\ \(see\b
    | entry\ price\b
    | not\ stated\b
    """,
)
_APPLICABLE: Final = re.compile(
    r"(?i)(the duty provided in ?the applicable subheading|the duty provided in subheadings)\b"
)
_ADDED: Final = re.compile(r"(?i)(?: \+ | plus )(?:a duty of )?(?=\d)")


def is_reference(text: str) -> bool:
    """Return whether the rate text (blanks in order) is words that point at another rate.

    >>> is_reference("The rate of duty appli- cable to that article"), is_reference("16.5%")
    (True, False)
    """
    return _REFERENCES.match(re.sub(r"(?<=\w)- ", "", text)) is not None


def added(text: str) -> int | None:
    """Return where the addition of "The duty provided in the applicable subheading + 25%" begins, if there is one."""
    if _APPLICABLE.match(text) is None:
        return None
    match = _ADDED.search(text)
    return None if match is None else match.end()


def longest(table: Mapping[Words, Value], stream: list[Token], at: int) -> tuple[Words, Value] | None:
    """Return the longest phrase of ``table`` that stands at ``at``, with its value."""
    best: tuple[Words, Value] | None = None
    for phrase, value in table.items():
        if (best is None or len(phrase) > len(best[0])) and stands(phrase, stream, at):
            best = phrase, value
    return best


def stands(phrase: Words, stream: list[Token], at: int) -> bool:
    """Return whether the phrase stands at ``at``."""
    return tuple(token.text for token in stream[at : at + len(phrase)]) == phrase
