"""The grammar of rates, read by recursive descent.

::

    rate      = "Free" | reference | season { "," season }
    season    = choice [ "(" period { "," period } ")" ]
    choice    = "the" ("greater" | "higher" | "lesser" | "lower") "of" sum ("or" | "and") sum bounds
              | bounded [ "or" sum [","] "whichever is" ["the"] ("greater" | "higher" | "less" | "lower") bounds ]
    bounded   = sum bounds | sugar
    bounds    = { ("but not less than" | "MIN") sum | ("but not more than" | "MAX") sum } [ cap ]
    sum       = term { ("+" | "plus") term }
    term      = NUMBER "%" [ base ] | money per | recipe
    money     = NUMBER "¢" | "$" NUMBER | NUMBER CURRENCY | CURRENCY NUMBER
    per       = "each" | ("/" | "per") [ NUMBER ] [ unit ] [ "over" NUMBER ] | "for each other piece or part"
    sugar     = money "/kg less" money "/kg for each degree under 100 degrees … but not less than" money "/kg"
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, Never

from landed_cost.currencies import is_known
from landed_cost.expressions import phrases
from landed_cost.expressions.lexer import LONGEST_TEXT, RateSyntaxError, Token, tokens
from landed_cost.expressions.nodes import (
    AdValorem,
    Capped,
    Greatest,
    Least,
    Node,
    Reference,
    Seasonal,
    Specific,
    SugarDegrees,
    Sum,
)

FREE: Final = AdValorem(Fraction(0), "Free")
_CENTS: Final = 100
_TERM: Final = "a percentage, an amount such as 5¢ or $1.20, or Free"
_UNIT: Final = "a unit such as kg, liter, doz. or each"
_HIGHER: Final = frozenset({"greater", "higher", "more"})
_LOWER: Final = frozenset({"lesser", "lower", "less"})
_MONTHS: Final = frozenset(
    ("jan", "feb", "mar", "apr", "may", "jun", "june", "jul", "july", "aug", "sep", "oct", "nov", "dec"),
)


class Parser:
    """Reads one rate text (blanks in order); ``currency`` is what ``$`` and ``¢`` mean until a code says otherwise."""

    def __init__(self, text: str, currency: str) -> None:
        self.text = text
        self.currency = currency
        self._named: str | None = None
        self._tokens: list[Token] = []
        self._at = 0

    def parse(self) -> Node:
        """Return the root of the rate, or raise ``RateSyntaxError``."""
        if len(self.text) > LONGEST_TEXT:
            raise RateSyntaxError(self.text, LONGEST_TEXT, f"at most {LONGEST_TEXT} characters")
        if self.text.casefold() == "free":
            return FREE
        if phrases.is_reference(self.text):
            start = phrases.added(self.text)
            if start is None:
                return Reference(self.text)
            self._cut(" " * start + self.text[start:])
            plus = self._sum()
            self._expect_end()
            return Reference(self.text, plus)
        self._cut(self.text)
        node = self._seasons()
        self._expect_end()
        return node

    # What the tokens say, one method for each rule of the grammar.

    def _seasons(self) -> Node:
        rates = [self._choice()]
        seasonal = self._period()
        while seasonal and self._take(","):
            rates.append(self._choice())
            self._period()
        return Seasonal(tuple(rates), self.text) if seasonal else rates[0]

    def _period(self) -> bool:
        if not self._take("("):
            return False
        months = 0
        while not self._take(")"):
            token = self._next
            if token.text.lower() in _MONTHS:
                months += 1
            elif token.kind not in {"number", "-", ","}:
                self._fail("a period such as (01 JAN - 31 MAR)")
            self._at += 1
        if not months:
            self._at -= 1
            self._fail("a month")
        return True

    def _choice(self) -> Node:
        for word in _HIGHER | _LOWER:
            if self._take_words(("the", word, "of")) or self._take_words((word, "of")):
                first = self._sum()
                if not (self._take_words(("or",)) or self._take_words(("and",))):
                    self._fail('"or" and a second rate')
                return self._bounds(_compared(word, (first, self._sum())))
        first = self._bounded()
        if not self._take_words(("or",)):
            return first
        second = self._sum()
        self._take(",")
        if not self._take_words(("whichever", "is")):
            self._fail('"whichever is greater" or "whichever is less"')
        self._take_words(("the",))
        word = self._next.text
        if word not in _HIGHER | _LOWER:
            self._fail('"greater" or "less"')
        self._at += 1
        return self._bounds(_compared(word, (first, second)))

    def _bounded(self) -> Node:
        start = self._next.start
        node = self._sum()
        if isinstance(node, Specific) and self._take_words(("less",)):
            return self._sugar(node, start)
        return self._bounds(node)

    def _bounds(self, node: Node) -> Node:
        while True:
            if any(self._take_words(phrase) for phrase in phrases.AT_LEAST):
                node = Greatest((node, self._sum()))
            elif any(self._take_words(phrase) for phrase in phrases.AT_MOST):
                node = Least((node, self._sum()))
            else:
                break
        cap = self._next.start
        if self._take_words(phrases.CAP):
            return Capped(node, self._printed(cap))
        return node

    def _sugar(self, full: Specific, start: int) -> Node:
        step = self._per_kilogram()
        if not self._take_words(phrases.PER_DEGREE):
            self._fail('"for each degree under 100 degrees"')
        self._take_words(("than",))
        floor = self._per_kilogram()
        if full.unit != "kg" or full.per != 1:
            raise RateSyntaxError(self.text, start, "an amount per kg")
        return SugarDegrees(full.amount, step.amount, floor.amount, self._printed(start))

    def _per_kilogram(self) -> Specific:
        start = self._next.start
        term = self._term()
        if not isinstance(term, Specific) or term.unit != "kg" or term.per != 1:
            raise RateSyntaxError(self.text, start, "an amount per kg")
        return term

    def _sum(self) -> Node:
        terms = [self._term()]
        while self._take("+") or self._take_words(("plus",)):
            terms.append(self._term())
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def _term(self) -> Node:
        start = self._next.start
        if self._next.kind == "word" and self._next.text in phrases.RECIPES:
            self._at += 1
            return Reference(self._printed(start))
        if self._next.kind == "number" and self._ahead.kind == "%":
            percent = self._next.value
            self._at += 2
            base = self._take_longest(phrases.BASES)
            return AdValorem(percent, self._printed(start), base or ())
        return self._per(self._money(), start)

    def _money(self) -> Fraction:
        if self._take("$"):
            return self._number()
        if self._next.kind == "currency":
            self._name(self._next)
            return self._number()
        if self._next.kind != "number":
            self._fail(_TERM)
        amount = self._number()
        if self._take("¢"):
            return amount / _CENTS
        if self._next.kind == "currency":
            self._name(self._next)
            return amount
        return self._fail("%, ¢ or the code of a currency behind the number")

    def _per(self, amount: Fraction, start: int) -> Node:
        if self._take_words(phrases.OTHER_PARTS):
            return Specific(amount, "part", self._printed(start))
        if self._take_words(("each",)):
            return Specific(amount, "each", self._printed(start))
        if not (self._take("/") or self._take_words(("per",))):
            self._fail('"each" or "/" and a unit')
        per, has_count = 1, False
        if self._next.kind == "number":
            place = self._next
            count = self._number()
            has_count = True
            if count.denominator != 1 or not count:
                raise RateSyntaxError(self.text, place.start, "a whole number of units")
            per = count.numerator
        unit = self._take_longest(phrases.UNITS)
        if unit is None:
            if not has_count:
                self._fail(_UNIT)
            unit = "each"
        over = 0
        if self._take_words(("over",)):
            place = self._next
            limit = self._number()
            if limit.denominator != 1:
                raise RateSyntaxError(self.text, place.start, "a whole number")
            over = limit.numerator
        return Specific(amount, unit, self._printed(start), per, over)

    # How the tokens are walked.

    def _cut(self, text: str) -> None:
        self._tokens = tokens(text)
        self._at = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    @property
    def _ahead(self) -> Token:
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def _take(self, kind: str) -> bool:
        found = self._next.kind == kind
        self._at += found
        return found

    def _take_words(self, phrase: phrases.Words) -> bool:
        found = phrases.stands(phrase, self._tokens, self._at)
        self._at += len(phrase) * found
        return found

    def _take_longest(self, table: Mapping[phrases.Words, phrases.Value]) -> phrases.Value | None:
        found = phrases.longest(table, self._tokens, self._at)
        if found is None:
            return None
        self._at += len(found[0])
        return found[1]

    def _number(self) -> Fraction:
        token = self._next
        if token.kind != "number":
            self._fail("a number")
        self._at += 1
        return token.value

    def _name(self, token: Token) -> None:
        if not is_known(token.text):
            self._fail("the ISO 4217 code of a currency")
        if self._named not in {None, token.text}:
            self._fail(f"amounts in one currency, {self._named}")
        self._named = self.currency = token.text
        self._at += 1

    def _printed(self, start: int) -> str:
        return self.text[start : self._tokens[self._at - 1].end]

    def _expect_end(self) -> None:
        if self._next.kind != "end":
            self._fail('"+" or the end of the rate')

    def _fail(self, expected: str) -> Never:
        raise RateSyntaxError(self.text, self._next.start, expected)


def _compared(word: str, rates: tuple[Node, Node]) -> Node:
    return Greatest(rates) if word in _HIGHER else Least(rates)
