"""What the papers here are not: the fiscal document that a seller's country may ask for, by its name there.

None of these is issued here. The names are from memory of each tax administration's own words, to be checked there;
that a country is missing does not say that it asks for none.
"""

from __future__ import annotations

from typing import Final

# From memory, all of them.
NAMES: Final[dict[str, str]] = {
    "AR": "factura electrónica E (ARCA)",
    "BO": "factura electrónica (SIN)",
    "BR": "NF-e (SEFAZ)",
    "CL": "DTE (SII)",
    "CO": "factura electrónica (DIAN)",
    "CR": "comprobante electrónico (Hacienda)",
    "DO": "e-CF (DGII)",
    "EC": "comprobante electrónico (SRI)",
    "GT": "FEL (SAT)",
    "MX": "CFDI (SAT)",
    "PA": "factura electrónica (DGI)",
    "PE": "comprobante de pago electrónico (SUNAT)",
    "PY": "documento tributario electrónico (DNIT)",
    "SV": "DTE (Hacienda)",
    "UY": "CFE (DGI)",
}


def name_of(country: str) -> str | None:
    """Return what the fiscal document is called in a country, ``None`` where nobody here knows.

    >>> name_of("MX"), name_of("GB")
    ('CFDI (SAT)', None)
    """
    return NAMES.get(country)
