"""What forms of accounts share: what was typed is read, kept where it is no secret, and told what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import request

from shopkit.web.forms import Form
from shopkit.web.language import speech

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from shopkit.services.problems import RequestError

# A text that is too long is cut one sign above it, so that it is still told to be too long.
_MOST: Final = 20_000


def given(name: str) -> str:
    """Return what was typed in a field."""
    return request.form.get(name, "").replace("\x00", "").strip()[: _MOST + 1]


def typed(names: Iterable[str]) -> Form:
    """Return a form with what may stand in it again: name no field that is secret."""
    form = Form()
    for name in names:
        form.put(name, given(name))
    return form


def place(form: Form, error: RequestError, names: Collection[str]) -> None:
    """Write what is wrong at its field, or at the head of the form where it belongs to none of them."""
    for one in error.problems:
        name = one.pointer.rpartition("/")[2]
        if name in names:
            form.errors.setdefault(name, one.message(speech().language))
        else:
            form.general.append(one.message(speech().language))
