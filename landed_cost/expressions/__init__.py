"""Duty expressions: rates as law writes them, read by a grammar and evaluated exactly.

>>> rate = parse("37.2¢/kg + 10.2%")
>>> rate.kind
'compound'
>>> done = rate.evaluate(5000, Quantities(Decimal(2), Decimal(1)))
>>> done.low, done.formula
(Fraction(2922, 5), '2 kg × 37.2¢/kg + 50.00 × 10.2%')
>>> rate.evaluate(5000, Quantities(Decimal(2))).missing
('weight',)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from landed_cost.currencies import exponent
from landed_cost.expressions.grammar import FREE, Parser
from landed_cost.expressions.lexer import RateSyntaxError, in_order
from landed_cost.expressions.nodes import (
    AdValorem,
    Capped,
    Evaluation,
    Greatest,
    Least,
    Node,
    Reference,
    Scope,
    Seasonal,
    Specific,
    SugarDegrees,
    Sum,
    plain,
)
from landed_cost.measures import Quantities

__all__ = [
    "Evaluation",
    "Expression",
    "Kind",
    "Quantities",
    "RateSyntaxError",
    "parse",
    "percent",
]

Kind = Literal["free", "ad_valorem", "specific", "compound", "part", "reference"]
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Expression:
    """A rate that was read.

    ``text`` is the rate as printed, blanks in order; ``currency`` what its amounts are in. ``needs`` names the measures
    it may ask for. ``ad_valorem`` is the share of the customs value (0.165 for 16.5%; 0 for Free) of a rate that is
    nothing else, ``None`` for all others.

    ``kind``: ``free``; ``ad_valorem``; ``specific`` (one amount per unit); ``compound`` (several terms, bounds);
    ``part`` (a percentage of parts of the article); ``reference`` (another rate, for a broker to read).
    """

    text: str
    currency: str
    root: Node
    kind: Kind
    needs: frozenset[str]
    ad_valorem: Fraction | None

    @property
    def is_free(self) -> bool:
        """Whether the rate is nothing at all, by the word or by a zero."""
        return self.ad_valorem == 0

    def evaluate(self, base_minor: int, quantities: Quantities) -> Evaluation:
        """Return what the rate comes to on a customs value of ``base_minor`` minor units of ``currency``.

        The answer is unrounded; rounding is a property of the rule that asks.
        """
        return self.root.evaluate(Scope(Fraction(base_minor), exponent(self.currency), quantities))


@lru_cache(maxsize=8192)
def parse(text: str, currency: str = "USD") -> Expression:
    """Return the rate that ``text`` writes; ``currency`` is what ``$`` and ``¢`` in it mean.

    A code in the text (``EUR``, ``GBP``) overrides ``currency``; the result says which it is. Raises
    ``RateSyntaxError`` for anything that the grammar does not have (``landed_cost/expressions/grammar.py``).

    >>> parse("Free").is_free, parse("16.5%").ad_valorem
    (True, Fraction(33, 200))
    >>> parse("16.5 per cent")
    Traceback (most recent call last):
        ...
    landed_cost.expressions.lexer.RateSyntaxError: rate '16.5 per cent': expected %, ¢ or the code of a currency \
behind the number at position 5, found 'per cent'
    """
    parser = Parser(in_order(text), currency)
    root = parser.parse()
    return Expression(parser.text, parser.currency, root, _kind(root), root.needs, _share(root))


def percent(rate: Decimal | Fraction) -> Expression:
    """Return the rate of ``rate`` per cent of the customs value, for tables that hold bare numbers.

    Raises ``ValueError`` for a number that is negative or not finite.

    >>> percent(Decimal("35.00")).text
    '35%'
    """
    if isinstance(rate, Decimal) and not rate.is_finite():
        raise ValueError(f"{rate} is no percentage; write a number, 0 or more")
    value = Fraction(rate)
    if value < 0:
        raise ValueError(f"{rate} is no percentage; write a number, 0 or more")
    text = f"{plain(value)}%"
    return Expression(text, "USD", AdValorem(value, text), "ad_valorem", frozenset(), value / _HUNDRED)


def _share(root: Node) -> Fraction | None:
    if isinstance(root, AdValorem) and not root.parts:
        return root.percent / _HUNDRED
    return None


def _kind(root: Node) -> Kind:
    if root is FREE:
        return "free"
    leaves = list(_leaves(root))
    if any(isinstance(leaf, Reference | Seasonal) for leaf in leaves):
        return "reference"
    # A percentage "on the entire set" names a part too, though the part is the whole.
    if any(isinstance(leaf, AdValorem) and (leaf.parts or " on " in leaf.printed) for leaf in leaves):
        return "part"
    if isinstance(root, AdValorem):
        return "ad_valorem"
    return "specific" if isinstance(root, Specific) else "compound"


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case Sum():
            children = node.terms
        case Greatest() | Least():
            children = node.rates
        case Capped():
            children = (node.rate,)
        case AdValorem() | Specific() | SugarDegrees() | Reference() | Seasonal() | _:
            yield node
            return
    for child in children:
        yield from _leaves(child)
