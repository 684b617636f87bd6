"""Currencies and how many decimals their smallest unit has.

The table restates ISO 4217 list one (current codes) and its amendments up to the Caribbean guilder (XCG, 2025), written
down from memory and compared with no copy of the list; a currency that changes its exponent is changed here by hand.
It is the table of *amounts of law and of prices*. What a payment provider expects on the wire is another table, beside
the payments port.

>>> exponent("CLP"), exponent("COP"), exponent("KWD")
(0, 2, 3)
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The codes that are not money to pay with are left out: metals, bond units, test codes, and the funds codes
# BOV, CHE, CHW, COU, MXV, USN. CLF, UYI and UYW stay, because laws of Chile and Uruguay state amounts in them.
_CODES_BY_EXPONENT: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    # XDR has no minor unit in ISO 4217 ("N.A."); hundredths are this project's own choice, enough for 300 SDR.
    2: (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
        "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
        "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR "
        "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
        "SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG XDR YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

EXPONENTS: Final[Mapping[str, int]] = MappingProxyType(
    {code: digits for digits, codes in _CODES_BY_EXPONENT.items() for code in codes.split()},
)


# How many of the smallest unit make one: 100 cents.
_UNITS: Final[Mapping[str, int]] = MappingProxyType({code: 10**digits for code, digits in EXPONENTS.items()})


class UnknownCurrencyError(ValueError):
    """A currency code that the table asked does not have.

    ``code`` is what was asked, ``known`` the codes that could have been.
    """

    def __init__(self, code: str, known: Iterable[str]) -> None:
        """Keep the code and the sorted known ones, and say both."""
        self.code = code
        self.known = tuple(sorted(known))
        super().__init__(f"currency {code!r} is not known here; known: {', '.join(self.known)}")


def is_known(code: str) -> bool:
    """Return whether the code is one of ISO 4217 that this project handles (capitals only)."""
    return code in EXPONENTS


def exponent(code: str) -> int:
    """Return how many decimals the currency's smallest unit has: 2 for cents.

    Raises ``UnknownCurrencyError`` for a code outside the table.

    >>> exponent("PYG")
    0
    """
    try:
        return EXPONENTS[code]
    except KeyError:
        raise UnknownCurrencyError(code, EXPONENTS) from None


def units(code: str) -> int:
    """Return how many of the currency's smallest unit make one.

    Raises ``UnknownCurrencyError`` for a code outside the table.

    >>> units("USD"), units("CLP")
    (100, 1)
    """
    try:
        return _UNITS[code]
    except KeyError:
        raise UnknownCurrencyError(code, EXPONENTS) from None
