"""An address as a country writes it: which fields it has, what a postal code looks like, which tax number customs asks.

Forms of postal codes: from memory of each post's own pages, to be checked against the Universal Postal Union's sheets.
A country that is not listed takes any code, or none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from shopkit.services import accounts
from shopkit.services.problems import RequestProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LIMITS: Final = {
    "name": 120,
    "email": 254,
    "phone": 40,
    "line1": 120,
    "line2": 120,
    "city": 80,
    "region": 60,
    "postal_code": 16,
    "tax_id": 32,
}
_ALWAYS: Final = ("name", "email", "line1", "city")
# The form of a code in capitals, and one as an example.
POSTAL: Final[Mapping[str, tuple[str, str]]] = {
    "US": (r"\d{5}(-\d{4})?", "90012"),
    "PR": (r"00[679]\d{2}(-\d{4})?", "00901"),
    "MX": (r"\d{5}", "50000"),
    "BR": (r"\d{5}-?\d{3}", "01310-100"),
    "CA": (r"[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d", "M5V 2T6"),
    "ES": (r"(0[1-9]|[1-4]\d|5[0-2])\d{3}", "28013"),
    "PT": (r"\d{4}-\d{3}", "1100-038"),
    "GB": (r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", "SW1A 1AA"),
    "DE": (r"\d{5}", "10115"),
    "FR": (r"\d{5}", "75001"),
    "IT": (r"\d{5}", "00184"),
}
# Where a parcel does not go through customs without the receiver's number. status: reported.
TAX_NEEDED: Final = frozenset({"BR"})
# Where the region settles taxes, so that it has to be known. status: reported.
REGION_NEEDED: Final = frozenset({"US", "BR", "CA", "MX"})
_LINE: Final = re.compile(r"[^\x00-\x1f\x7f]*")


def tidy(given: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into the fields, without spaces around or doubled; codes in capitals."""
    found = {name: " ".join(given.get(name, "").split()) for name in LIMITS}
    return found | {"postal_code": found["postal_code"].upper()}


def problems(country: str, typed: Mapping[str, str]) -> Iterator[RequestProblem]:
    """Yield what is wrong with an address in a country, field by field."""
    for name, most in LIMITS.items():
        text = typed[name]
        if not text and _is_needed(country, name):
            yield RequestProblem(f"/{name}", "required")
        elif len(text) > most:
            yield RequestProblem(f"/{name}", "text.too_long", {"limit": str(most)})
        elif not _LINE.fullmatch(text):
            yield RequestProblem(f"/{name}", "text.characters")
        elif text:
            yield from _wrong(country, name, text)


def _is_needed(country: str, name: str) -> bool:
    return (
        name in _ALWAYS
        or (name == "postal_code" and country in POSTAL)
        or (name == "region" and country in REGION_NEEDED)
        or (name == "tax_id" and country in TAX_NEEDED)
    )


def _wrong(country: str, name: str, text: str) -> Iterator[RequestProblem]:
    if name == "postal_code" and country in POSTAL:
        form, example = POSTAL[country]
        if not re.fullmatch(form, text, re.ASCII):
            yield RequestProblem("/postal_code", "address.postal", {"example": example})
    if name == "tax_id" and country in TAX_NEEDED and not _is_brazilian(text):
        yield RequestProblem("/tax_id", "address.tax_id")
    if name == "email":
        try:
            accounts.read_email(text)
        except accounts.EmailError:
            yield RequestProblem("/email", "address.email")


def _is_brazilian(text: str) -> bool:
    """Return whether a text is the number of a person (CPF) or of a company (CNPJ)."""
    from stdnum.br import cnpj, cpf  # noqa: PLC0415  # slow, and few addresses need it

    return bool(cpf.is_valid(text) or cnpj.is_valid(text))
