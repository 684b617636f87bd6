"""What is wrong with the boxes that a seller filled: those that contradict the order, that are too long, that lack."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from landed_cost.countries import is_country
from landed_cost.money import Money, to_minor
from shopkit.papers.findings import USPS, Finding, unprinted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.papers.declaration import Declaration
    from shopkit.papers.forms import Form

# What the boxes of USPS hold (International Labels v3.3.7, verified).
_USPS_SIGNS: Final = {"explanation": 25, "comment": 25, "invoice": 15, "licence": 16, "certificate": 12, "importer": 28}
# An ITN is an X and fourteen digits; an exemption names its section of 15 CFR 30.
_AES: Final = re.compile(r"(AES )?X\d{14}|NO ?EEI §? ?30\.\d{1,2}(\([a-z0-9]{1,4}\))*", re.IGNORECASE)
_SMALL_VALUE: Final = re.compile(r"NO ?EEI §? ?30\.37\(a\)", re.IGNORECASE)
_SMALL_USD: Final = 2_500
_WORDS: Final = ("explanation", "comment", "signer", "licence", "certificate", "invoice")
_ADDRESS: Final = ("name", "street", "city", "country")


def check(of: Declaration, form: Form) -> Iterator[Finding]:
    """Yield what is wrong with the boxes that the seller filled."""
    yield from _category(of)
    yield from _comment(of)
    yield from _signs(of)
    yield from _redirect(of)
    yield from _money(of)
    if form != "invoice":
        yield from _aes(of)
    if of.details.invoice and of.invoice and of.details.invoice != of.invoice:
        yield Finding("block", "invoice_other", "invoice", {"number": of.details.invoice, "issued": of.invoice})


def _category(of: Declaration) -> Iterator[Finding]:
    if of.category == "gift":
        yield Finding("block", "gift_is_sale", "category")
    elif of.category == "documents":
        yield Finding("block", "documents_are_goods", "category")
    elif of.category == "sample" and not of.is_sample:
        yield Finding("block", "sample_is_sale", "category")
    elif of.category in {"returned", "other"}:
        yield Finding("warn", "not_the_sale", "category")
    if of.category == "other" and not of.details.explanation:
        yield Finding("block", "explanation_missing", "category")


def _comment(of: Declaration) -> Iterator[Finding]:
    if of.details.inspection == "other" and not of.details.comment:
        yield Finding("block", "comment_missing", "comment")


def _signs(of: Declaration) -> Iterator[Finding]:
    said = {name: getattr(of.details, name) for name in _WORDS}
    for name, text in said.items():
        if sign := unprinted(text):
            yield Finding("block", "letters_not_printed", name, {"sign": sign})
    if of.sender.country not in USPS:
        return
    for name, most in _USPS_SIGNS.items():
        text = {"invoice": of.invoice or of.details.invoice, "importer": of.importer}.get(name) or said.get(name, "")
        if len(text) > most:
            yield Finding("block", "too_long", name, {"text": text, "most": str(most)})


def _redirect(of: Declaration) -> Iterator[Finding]:
    if of.details.undelivered != "redirect":
        return
    to = of.details.redirect
    for name in _ADDRESS:
        if to is None or not getattr(to, name):
            yield Finding("block", "party_missing", f"redirect/{name}")
    if to is None:
        return
    if to.country and not is_country(to.country):
        yield Finding("block", "country_unknown", "redirect/country", {"country": to.country})
    for name in ("name", "street", "city"):
        if sign := unprinted(getattr(to, name)):
            yield Finding("block", "letters_not_printed", f"redirect/{name}", {"sign": sign})


def _money(of: Declaration) -> Iterator[Finding]:
    insured = of.details.insured
    if insured is not None and insured.currency == of.currency and insured.minor > of.minor:
        told = {"insured": str(insured), "value": str(Money(of.minor, of.currency))}
        yield Finding("warn", "insured_above", "insured", told)


def _aes(of: Declaration) -> Iterator[Finding]:
    given = of.details.aes
    if of.sender.country not in USPS:
        if given:
            yield Finding("warn", "aes_elsewhere", "aes", {"country": of.sender.country})
        return
    if not given:
        yield Finding("block", "aes_missing", "aes")
    elif not _AES.fullmatch(given):
        yield Finding("block", "aes_form", "aes", {"text": given})
    elif _SMALL_VALUE.fullmatch(given):
        yield from _small_value(of)


def _small_value(of: Declaration) -> Iterator[Finding]:
    """Look whether goods of one code are worth more than the exemption takes; other currencies are not looked at."""
    if of.currency != "USD":
        yield Finding("warn", "aes_currency", "aes", {"currency": of.currency})
        return
    by_code: Counter[str] = Counter()
    for line in of.lines:
        by_code[line.hs_digits] += line.minor
    for code, minor in by_code.items():
        if minor > to_minor(Decimal(_SMALL_USD), "USD"):
            told = {"code": code, "value": str(Money(minor, "USD")), "most": str(_SMALL_USD)}
            yield Finding("block", "aes_value", "aes", told)
