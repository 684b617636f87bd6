"""Numbers of taxpayers: whether one can have been given at all, by the form and the check digits of its country.

That a number is well formed does not say that it is theirs: only a look into the registry does, and that is a
verification. Where the country's rule is not known here, nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

# Module of python-stdnum, and what the number is called where it is given.
_RULES: Final = {
    "AR": ("ar.cuit", "CUIT"),
    "BR": ("br.cnpj", "CNPJ"),
    "CA": ("ca.bn", "BN"),
    "CL": ("cl.rut", "RUT"),
    "CO": ("co.nit", "NIT"),
    "CR": ("cr.cpj", "cédula jurídica"),
    "DO": ("do.rnc", "RNC"),
    "EC": ("ec.ruc", "RUC"),
    "ES": ("es.nif", "NIF"),
    "GB": ("gb.vat", "VAT number"),
    "GT": ("gt.nit", "NIT"),
    "MX": ("mx.rfc", "RFC"),
    "PE": ("pe.ruc", "RUC"),
    "PT": ("pt.nif", "NIF"),
    "PY": ("py.ruc", "RUC"),
    "SV": ("sv.nit", "NIT"),
    "US": ("us.ein", "EIN"),
    "UY": ("uy.rut", "RUT"),
    "VE": ("ve.rif", "RIF"),
}
_WITH_HOMOCLAVE: Final = 12
# These carry no check digit, so their form is all that can be looked at.
_OF_FORM: Final = frozenset({"CR", "US"})
Outcome = Literal["fits", "form", "unusual", "length", "format", "digits", "part", "unknown"]
_REASONS: Final[dict[str, Outcome]] = {
    "InvalidLength": "length",
    "InvalidFormat": "format",
    "InvalidChecksum": "digits",
    "InvalidComponent": "part",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a number says: it fits, what does not, or that nobody here knows the rule (``unknown``).

    ``form``: its form fits, and there is no check digit to look at. ``unusual``: its form fits and its check digit is
    another than the published sum gives, which a few genuine numbers have too.
    """

    outcome: Outcome
    number: str
    called: str | None = None


def name_of(country: str) -> str | None:
    """Return what the number is called in a country whose rule is known."""
    found = _RULES.get(country)
    return None if found is None else found[1]


def check(country: str, text: str) -> Checked:
    """Return what a number is worth, and how it is written without its signs.

    >>> [check(*one).outcome for one in (("MX", "GODE-561231-GR8"), ("BR", "33000167000102"), ("NI", "J031"))]
    ['fits', 'digits', 'unknown']
    >>> [check(*one).outcome for one in (("MX", "GODE561231GR9"), ("MX", "GODE561231"), ("US", "12-3456789"))]
    ['unusual', 'form', 'form']
    """
    rule = _RULES.get(country)
    if rule is None:
        return Checked("unknown", text)
    module, called = rule
    found = _checked(import_module(f"stdnum.{module}").validate, text, called)
    if found.outcome != "fits":
        return found
    if country in _OF_FORM:
        return replace(found, outcome="form")
    if country == "MX":
        return _of_mexico(found)
    return found


def _of_mexico(found: Checked) -> Checked:
    """Look at the check digit of an RFC, which the library leaves out because some genuine ones break its rule.

    One of a person without the three signs at its end (homoclave) has none.
    """
    from stdnum.mx import rfc  # noqa: PLC0415  # slow, and few pages need it

    if len(found.number) < _WITH_HOMOCLAVE:
        return replace(found, outcome="form")
    fits = rfc.is_valid(found.number, validate_check_digits=True)
    return found if fits else replace(found, outcome="unusual")


def _checked(validate: Callable[[str], str], text: str, called: str) -> Checked:
    # The errors of the library are told apart by their classes.
    from stdnum.exceptions import ValidationError  # noqa: PLC0415  # slow, and few pages need it

    try:
        return Checked("fits", str(validate(text)), called)
    except ValidationError as error:
        kinds = (kind.__name__ for kind in type(error).__mro__)
        return Checked(next((_REASONS[kind] for kind in kinds if kind in _REASONS), "format"), text, called)
