"""The language a provider's page is asked in, by the list of Stripe's Checkout (read 2026-11-23)."""

from __future__ import annotations

from typing import Final

_KNOWN: Final = frozenset(
    [
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "en-GB",
        "es",
        "es-419",
        "et",
        "fi",
        "fil",
        "fr",
        "fr-CA",
        "hi-IN",
        "hr",
        "hu",
        "id",
        "it",
        "ja",
        "ko",
        "lt",
        "lv",
        "ms",
        "mt",
        "nb",
        "nl",
        "pl",
        "pt",
        "pt-BR",
        "ro",
        "ru",
        "sk",
        "sl",
        "sv",
        "th",
        "tr",
        "vi",
        "zh",
        "zh-HK",
        "zh-TW",
    ]
)


def stripe_locale(locale: str) -> str:
    """Return Stripe's name for a language: Spanish of the Americas is one, Haitian Creole is read in French.

    >>> [stripe_locale(one) for one in ("es-MX", "es-US", "es-ES", "pt-BR", "pt-PT", "ht", "en-JM", "gn")]
    ['es-419', 'es-419', 'es', 'pt-BR', 'pt', 'fr', 'en', 'en']
    """
    code = locale.replace("_", "-")
    language, _, region = code.partition("-")
    if language == "es":
        return "es" if region in {"", "ES"} else "es-419"
    if language == "ht":
        return "fr"
    if code in _KNOWN:
        return code
    return language if language in _KNOWN else "en"
