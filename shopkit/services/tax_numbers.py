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
Outcome = Literal["fits", "form", "unusual", "length", "format", "digits", "part", "unknown"]
# Numbers of persons, where another rule than a company's makes them.
_OF_PERSONS: Final = {
    "AR": (("ar.dni", "DNI"),),
    "BR": (("br.cpf", "CPF"),),
    "CR": (("cr.cpf", "cédula"), ("cr.cr", "DIMEX")),
    "DO": (("do.cedula", "cédula"),),
    "EC": (("ec.ci", "cédula"),),
    "MX": (("mx.curp", "CURP"),),
    "PE": (("pe.cui", "DNI"),),
}
# A person's number has no check digit here, and written bare looks like a company's without its dash.
_PERSONS_HAVE_NONE: Final = frozenset({"CO", "PY"})
_BEST: Final[tuple[Outcome, ...]] = ("fits", "form", "unusual", "digits", "part", "length", "format", "unknown")
_WITH_HOMOCLAVE: Final = 12
# These carry no check digit, so their form is all that can be looked at.
_OF_FORM: Final = frozenset({"CR", "US"})
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


def check_buyer(country: str, text: str) -> Checked:
    """Return what a number of a receiver is worth, who may be a company or a person.

    Of all rules of the country the one that it comes nearest to is told. Numbers of persons in the United States are
    not looked at.

    >>> [check_buyer(*one).outcome for one in (("BR", "529.982.247-25"), ("BR", "11222333000181"), ("US", "123"))]
    ['fits', 'fits', 'unknown']
    >>> check_buyer("BR", "529.982.247-24")
    Checked(outcome='digits', number='529.982.247-24', called='CPF')
    """
    company = check(country, text)
    if company.outcome == "digits" and country in _PERSONS_HAVE_NONE and text.strip().isdigit():
        return Checked("form", text.strip(), "cédula")
    if country == "US" and company.outcome not in {"fits", "form"}:
        return Checked("unknown", text)
    found = [company]
    found += [
        _checked(import_module(f"stdnum.{module}").validate, text, called)
        for module, called in _OF_PERSONS.get(country, ())
    ]
    return min(found, key=lambda one: _BEST.index(one.outcome))


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
