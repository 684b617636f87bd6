"""Correios (Brazil), API Rastro: fifty numbers a call, a token by postage card, which needs a contract.

How several numbers are asked for is told two ways: as repeated ``codigosObjetos`` (Net::Correios 0.001, the one client
that tests its address) and as a list with commas. They are repeated here, as lists in addresses are where nobody says
otherwise; what an answer leaves out is asked for again with commas, once, and what is still missing is unclear and
never *not found*.
A number that it does not know is an object with ``mensagem`` *SRO-020* in a good answer.
"""

from __future__ import annotations

import base64
import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from shopkit.tracking import s10
from shopkit.tracking.codes import vocabulary
from shopkit.tracking.events import RawEvent
from shopkit.tracking.numbers import recognise
from shopkit.tracking.port import Call, Field, Pace, Reply, Token, Told, TrackingError, must_be_well, object_of, text_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from shopkit.tracking.codes import Vocabulary
    from shopkit.tracking.port import Ask, Calls, TokenCalls

_LIVE: Final = "https://api.correios.com.br"
_TRIAL: Final = "https://apihom.correios.com.br"
_OBJECTS: Final = "/srorastro/v1/objetos"
_NUMBER: Final = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
# Any other language is refused (SRO-018); wordings are compared in Portuguese.
_HEADERS: Final = {"Accept-Language": "pt-BR"}
_NOT_FOUND: Final = "SRO-020"
# Wall clocks are those of Brasília, for offices in other zones of Brazil too (reported).
_ZONE: Final = "America/Sao_Paulo"
_FAMILIES: Final = frozenset({"BDE", "BDI", "BDR"})
_DAY: Final = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
# When it is over is told without a zone; half of the day that it is said to last is safe, and a 403 says the rest.
_LASTS_S: Final = 12 * 3600.0


class Correios:
    """Correios."""

    name: str = "correios"
    pushes: bool = False
    # Fifty numbers is the provider's limit; how often it may be asked is not known: once a second is our own guess.
    pace: Pace = Pace(numbers=50, requests=1, per_s=1.0)
    fields: tuple[Field, ...] = (
        Field(
            "user",
            {"en": "User of Meu Correios", "es": "Usuario de Meu Correios", "pt": "Usuário do Meu Correios"},
            is_secret=False,
        ),
        Field(
            "access_code",
            {"en": "Access code of the API", "es": "Código de acceso de la API", "pt": "Código de acesso à API"},
        ),
        Field("card", {"en": "Postage card", "es": "Tarjeta de franqueo", "pt": "Cartão de postagem"}, is_secret=False),
        Field(
            "environment",
            {
                "en": "hom for the testing environment, else empty",
                "es": "hom para el entorno de pruebas; si no, vacío",
                "pt": "hom para a homologação; senão, vazio",
            },
            is_secret=False,
            is_required=False,
        ),
    )

    @property
    def vocabulary(self) -> Vocabulary:
        """What its codes, and its texts of customs, mean."""
        return vocabulary("correios")

    def takes(self, number: str, carrier: str) -> bool:
        """Return whether a number is of S10, which Correios issues, or receives from abroad."""
        found = recognise(number)
        return found.format == "s10" and found.is_valid is True and carrier in ("", "post", "correios")

    def address(self, details: Mapping[str, str]) -> str:
        """Return the address of its live or its testing environment."""
        return _TRIAL if details.get("environment", "").strip().lower() == "hom" else _LIVE

    def sign(self, call: Call, details: Mapping[str, str], token: str) -> Mapping[str, str]:  # noqa: ARG002 - the port's
        """Sign by the token."""
        return {"Authorization": f"Bearer {token}"}

    def token(self, details: Mapping[str, str]) -> TokenCalls:
        """Ask for a token for a postage card, by user and access code."""
        who = f"{details.get('user', '')}:{details.get('access_code', '')}".encode()
        call = Call(
            "POST",
            "/token/v1/autentica/cartaopostagem",
            body=json.dumps({"numero": details.get("card", "")}).encode(),
            headers={"Authorization": f"Basic {base64.b64encode(who).decode('ascii')}"},
        )
        reply = yield call
        must_be_well(reply, call)
        token = text_in(object_of(reply.body), "token")
        if token is None:
            raise TrackingError("garbage", "the answer has no token")
        return Token(token, _LASTS_S)

    def track(self, asks: Sequence[Ask], *, now: datetime) -> Calls:
        """Ask for all numbers in one call, and in a second for those that it left out."""
        bare = {ask.number: s10.compact(ask.number) for ask in asks}
        good = list(dict.fromkeys(number for number in bare.values() if _NUMBER.fullmatch(number)))
        found: dict[str, Told] = {}
        if good:
            call = _asked(good)
            found = _read((yield call), call, good, now)
            if len(good) > 1 and (missing := [number for number in good if number not in found]):
                call = _asked(missing, with_commas=True)
                found |= _read((yield call), call, missing, now)
        return tuple(_told(ask.number, bare[ask.number], found) for ask in asks)


TRACKER: Final = Correios()


def _asked(numbers: Sequence[str], *, with_commas: bool = False) -> Call:
    query = (("resultado", "T"),)
    if len(numbers) == 1:
        return Call("GET", f"{_OBJECTS}/{numbers[0]}", query, headers=_HEADERS)
    named = [",".join(numbers)] if with_commas else numbers
    return Call("GET", _OBJECTS, (*(("codigosObjetos", one) for one in named), *query), headers=_HEADERS)


def _told(number: str, bare: str, found: Mapping[str, Told]) -> Told:
    """Return what was told of a number, under the number as it was asked for."""
    told = found.get(bare)
    if told is None:
        if _NUMBER.fullmatch(bare) is None:
            return Told(number, "rejected", detail="not a number of S10")
        return Told(number, "unclear", detail="the answer leaves it out")
    return Told(number, told.outcome, told.events, told.expected_on, service=told.service, detail=told.detail)


def _read(reply: Reply, call: Call, numbers: Iterable[str], now: datetime) -> dict[str, Told]:
    """Return what an answer tells of the numbers that were asked for, by number."""
    must_be_well(reply, call)
    objects = object_of(reply.body).get("objetos")
    if not isinstance(objects, list):
        raise TrackingError("garbage", "the answer has no objects")
    asked = set(numbers)
    rows = [row for row in objects if isinstance(row, dict)]
    return {number: _object(number, row, now) for row in rows if (number := _number(row)) in asked}


def _number(row: Mapping[str, Any]) -> str:
    return (text_in(row, "codObjeto") or "").upper()


def _object(number: str, row: Mapping[str, Any], now: datetime) -> Told:
    events = row.get("eventos")
    if isinstance(events, list):
        told = tuple(_event(one, now) for one in events if isinstance(one, dict))
        kind = row.get("tipoPostal")
        service = text_in(kind, "categoria") if isinstance(kind, dict) else None
        return Told(number, "told", told, _expected(row), service=service or "")
    message = text_in(row, "mensagem") or ""
    if message.startswith(_NOT_FOUND):
        return Told(number, "not_found")
    return Told(number, "unclear", detail=message[:7] if message.startswith("SRO-") else "neither events nor a message")


def _event(row: Mapping[str, Any], now: datetime) -> RawEvent:
    code, kind = text_in(row, "codigo"), row.get("tipo")
    place = row.get("unidade")
    unit: Mapping[str, Any] = place if isinstance(place, dict) else {}
    inner = unit.get("endereco")
    address: Mapping[str, Any] = inner if isinstance(inner, dict) else {}
    time, zone = _time(row)
    # An office abroad tells by a clock that nobody names.
    is_abroad = text_in(unit, "tipo") == "País"
    named = (text_in(unit, "nome"),) if is_abroad else (text_in(address, "cidade"), text_in(address, "uf"))
    return RawEvent(
        "correios",
        now,
        code=None if code is None else f"{code.upper()} {_kind(kind)}".strip(),
        text=text_in(row, "descricao"),
        time=time,
        zone=None if is_abroad else zone,
        place=", ".join(filter(None, named)) or None,
        office=text_in(unit, "codSro"),
        country=None if is_abroad else "BR",
        family=code.upper() if code is not None and code.upper() in _FAMILIES else None,
        body=row,
    )


def _kind(kind: object) -> str:
    """Return the kind of an event in two digits; it comes as a number as well."""
    if isinstance(kind, bool) or not isinstance(kind, int | str):
        return ""
    text = str(kind).strip()[:8]
    return text.zfill(2) if text.isascii() and text.isdigit() else text


def _time(row: Mapping[str, Any]) -> tuple[str | None, str]:
    """Return the wall clock of an event and its zone: a text, or a text with a zone beside it."""
    found = row.get("dtHrCriado")
    if isinstance(found, dict):
        return text_in(found, "date"), text_in(found, "timezone") or _ZONE
    return text_in(row, "dtHrCriado"), _ZONE


def _expected(row: Mapping[str, Any]) -> date | None:
    """Return the day that is expected, as its own date; it comes as 20/03/2025 and as 2025-03-20T20:59:59."""
    found = text_in(row, "dtPrevista") or ""
    try:
        if day := _DAY.match(found):
            return date(int(day[3]), int(day[2]), int(day[1]))
        return date.fromisoformat(found[:10])
    except ValueError:
        return None
