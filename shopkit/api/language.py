"""The language a program asks its answers in: ``Accept-Language``, English where nothing fits."""

from functools import lru_cache
from typing import Final

from flask import request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

LANGUAGES: Final = ("en", "es", "pt")


def language() -> str:
    """Return ``en``, ``es`` or ``pt``."""
    return _best(request.environ.get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(maxsize=512)
def _best(header: str) -> str:
    return parse_accept_header(header, LanguageAccept).best_match(LANGUAGES, "en") or "en"
