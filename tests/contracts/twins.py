"""Twins of the engines: servers on loopback that speak as each is described by its own makers, and fail as each can.

What they answer and refuse is not our belief repeated; it was read in, and each refuses a request that is not of that
shape: DeepL's client (deepl-python 1.30.0, ``translator.py``), Google's ``translation_service.proto`` (googleapis),
LibreTranslate's ``app.py`` with its tests, botocore's ``data/translate/2017-07-01/service-2.json`` with the test suite
of signatures, and ``handlers/translate.py`` of apertium-apy. DeepL's client and botocore themselves were let loose on
these twins once, as ``docs/engines.md`` says.

A twin translates by turning every word around, marks aside: what nobody protected is ruined.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from shopkit.engines.sandbox import babble
from translations.engines import sigv4

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ELEMENTS: Final = {
    "apy": re.compile(r"(<apertium-notrans>.*?</apertium-notrans>|</?p>|&#?\w+;)", re.DOTALL),
    "deepl": re.compile(r"(<x id=\"\d+\">.*?</x>|&#?\w+;)", re.DOTALL),
    "google": re.compile(r"(<span translate=\"no\">.*?</span>|&#?\w+;)", re.DOTALL),
}
KEY: Final = "a-key:fx"
CREDENTIALS: Final = sigv4.Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")


_AUTHORIZATION: Final = re.compile(
    r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/([a-z0-9-]+)/translate/aws4_request, "
    r"SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}"
)


class WrongShapeError(Exception):
    """A request that the engine would refuse; status and body of its refusal."""

    def __init__(self, status: int, body: Any) -> None:
        self.status = status
        self.body = body
        super().__init__(str(body))


Translate = Callable[[str], str]


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self, known: set[str], needed: set[str], refusal: Callable[[str], Any]) -> dict[str, Any]:
        """Return the body, refusing a field that the description does not have or one that is missing."""
        value: dict[str, Any] = json.loads(self.body)
        wrong = sorted(value.keys() - known) + sorted(needed - value.keys())
        if wrong:
            raise WrongShapeError(400, refusal(f"fields: {', '.join(wrong)}"))
        return value


def deepl(asked: Asked, translate: Translate, edit: Callable[[list[Any]], list[Any]]) -> Any:
    """Answer as DeepL."""

    def says(text: str) -> Any:
        return {"message": text}

    if asked.headers.get("authorization") != f"DeepL-Auth-Key {KEY}":
        raise WrongShapeError(403, says("Forbidden"))
    known = {"text", "source_lang", "target_lang", "formality", "tag_handling", "ignore_tags", "context", "glossary_id"}
    known |= {"model_type", "show_billed_characters"}
    value = asked.json(known, {"text", "target_lang"}, says)
    if value["target_lang"] not in {"ES-419", "PT-BR", "EN-US"} or value.get("source_lang") not in {"ES", "PT", "EN"}:
        raise WrongShapeError(400, says("Value for 'target_lang' not supported."))
    if not 0 < len(value["text"]) <= 50 or len(asked.body) > 128 * 1024:
        raise WrongShapeError(413, says("Request size exceeds the supported limit."))
    rows = [
        {"detected_source_language": "ES", "text": translate(text), "billed_characters": len(text)}
        for text in value["text"]
    ]
    return {"translations": edit(rows)}


def google(asked: Asked, translate: Translate, edit: Callable[[list[Any]], list[Any]]) -> Any:
    """Answer as Google, version 3."""

    def says(text: str) -> Any:
        return {"error": {"code": 400, "message": text, "status": "INVALID_ARGUMENT"}}

    if asked.headers.get("authorization") != "Bearer t1":
        raise WrongShapeError(401, {"error": {"code": 401, "message": "x", "status": "UNAUTHENTICATED"}})
    if asked.path != "/v3/projects/tienda/locations/global:translateText":
        raise WrongShapeError(404, says("Not found"))
    known = {"contents", "mimeType", "sourceLanguageCode", "targetLanguageCode", "model", "glossaryConfig", "labels"}
    value = asked.json(known, {"contents", "targetLanguageCode"}, says)
    if len(value["contents"]) > 1024 or sum(map(len, value["contents"])) > 30_000:
        raise WrongShapeError(400, says("Text is too long."))
    rows = edit([{"translatedText": translate(text)} for text in value["contents"]])
    return {"translations": rows} | ({"glossaryTranslations": rows} if "glossaryConfig" in value else {})


def libretranslate(asked: Asked, translate: Translate, edit: Callable[[list[Any]], list[Any]]) -> Any:
    """Answer as LibreTranslate, which unescapes whatever it gives back."""

    def says(text: str) -> Any:
        return {"error": text}

    value = asked.json({"q", "source", "target", "format", "alternatives", "api_key"}, {"q", "source", "target"}, says)
    if value.get("api_key") != KEY:
        raise WrongShapeError(403, says("Invalid API key"))
    if not value["q"]:
        raise WrongShapeError(400, says("Invalid request: missing q parameter"))
    if not {value["source"], value["target"]} <= {"es", "pt", "en"}:
        raise WrongShapeError(400, says(f"{value['target']} is not supported"))
    if sum(map(len, value["q"])) > 2000:
        raise WrongShapeError(400, says("Invalid request: request exceeds text limit (2000)"))
    return {"translatedText": [html.unescape(text) for text in edit([translate(text) for text in value["q"]])]}


def amazon_translate(asked: Asked, translate: Translate, edit: Callable[[list[Any]], list[Any]]) -> Any:
    """Answer as Amazon Translate, its signature looked at."""

    def says(text: str) -> Any:
        return {"__type": "InvalidRequestException", "Message": text}

    given = _AUTHORIZATION.fullmatch(asked.headers.get("authorization", ""))
    if given is None:
        raise WrongShapeError(400, {"__type": "IncompleteSignatureException", "message": "no signature"})
    signed = {name: asked.headers[name] for name in given[2].split(";") if name != "x-amz-date"}
    moment = datetime.strptime(asked.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if sigv4.sign(CREDENTIALS, given[1], "translate", signed, asked.body, moment)["Authorization"] != given[0]:
        raise WrongShapeError(400, {"__type": "InvalidSignatureException", "message": "The signature does not match"})
    if asked.headers["x-amz-target"] != "AWSShineFrontendService_20170701.TranslateText":
        raise WrongShapeError(400, {"__type": "UnknownOperationException"})
    known = {"Text", "TerminologyNames", "SourceLanguageCode", "TargetLanguageCode", "Settings"}
    value = asked.json(known, {"Text", "SourceLanguageCode", "TargetLanguageCode"}, says)
    if len(value["Text"].encode()) > 10_000:
        raise WrongShapeError(400, {"__type": "TextSizeLimitExceededException", "Message": "Input text size exceeds"})
    texts = edit([translate(value["Text"])])
    languages = {name: value[name] for name in ("SourceLanguageCode", "TargetLanguageCode")}
    return languages | ({"TranslatedText": texts[0]} if texts else {})


def apy(asked: Asked, translate: Translate, edit: Callable[[list[Any]], list[Any]]) -> Any:
    """Answer as APY, which marks with a star what it does not know: here, words in capitals."""
    value = {name: values[0] for name, values in parse_qs(asked.body.decode(), strict_parsing=True).items()}
    if value["langpair"] not in {"spa|eng_US", "eng|spa", "spa|por_BR", "por|spa"}:
        said = {"status": "error", "code": 400, "message": "Bad Request", "explanation": "That pair is not installed"}
        raise WrongShapeError(400, said)
    if value["format"] != "html" or value["markUnknown"] != "yes":
        raise WrongShapeError(400, {"status": "error", "code": 400, "message": "Bad Request", "explanation": "x"})
    paragraphs = edit(re.split(r"(?<=</p>)\n\n", translate(value["q"])))
    text = re.sub(r"(?<![\w<])([A-Z]{3,})\b", r"*\1", "\n\n".join(paragraphs))
    return {"responseData": {"translatedText": text}, "responseDetails": None, "responseStatus": 200}


_QUOTAS: Final[dict[str, tuple[int, Any]]] = {
    "deepl": (456, {"message": "Quota Exceeded"}),
    "google": (429, {"error": {"code": 429, "message": "Quota exceeded for limit 'characters per day'"}}),
    "amazon": (400, {"__type": "LimitExceededException", "Message": "x"}),
}
_BUSY: Final[dict[str, tuple[int, Any]]] = {
    "amazon": (400, {"__type": "com.amazonaws.translate#ThrottlingException", "message": "Rate exceeded"})
}
_DIALECTS: Final[dict[str, Callable[[Asked, Translate, Callable[[list[Any]], list[Any]]], Any]]] = {
    "deepl": deepl,
    "google": google,
    "libretranslate": libretranslate,
    "amazon": amazon_translate,
    "apy": apy,
}
_PROTECTED: Final = {"deepl": "deepl", "google": "google", "amazon": "google", "apy": "apy"}


def turn(dialect: str, text: str, *, ruin: bool = False) -> str:
    """Return a text with its words turned around; with ``ruin`` what is protected is left out."""
    if dialect not in _PROTECTED:
        return re.sub(r"⟦\d+⟧", "", babble(text)) if ruin else babble(text)
    parts = _ELEMENTS[_PROTECTED[dialect]].split(text)
    if ruin:
        parts = ["" if part.startswith(("<x", "<span", "<apert")) else part for part in parts]
    return "".join(part if index % 2 else babble(part) for index, part in enumerate(parts))


@dataclass
class Twin:
    """A running twin: where it is, what it was asked, and what it plays next; the last word of a script stays."""

    dialect: str
    url: str
    script: list[str]
    asked: list[Asked] = field(default_factory=list)
    stop: Event = field(default_factory=Event)


class _Handler(BaseHTTPRequestHandler):
    twin: Twin

    def do_POST(self) -> None:
        """Play the next word of the script."""
        twin = self.twin
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/token":
            self._answer(200, json.dumps({"access_token": "t1", "expires_in": 3600}).encode())
            return
        twin.asked.append(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        word, _, detail = (twin.script.pop(0) if len(twin.script) > 1 else twin.script[0]).partition(" ")
        if word == "slow":
            twin.stop.wait(5)
        elif word in _CANNED:
            status, said, *headers = _CANNED[word](twin.dialect, detail)
            self._answer(status, said, *headers)
        else:
            self._translate(word, twin)

    def _translate(self, word: str, twin: Twin) -> None:
        edit = _EDITS.get(word, list)
        try:
            said = _DIALECTS[twin.dialect](
                twin.asked[-1], lambda text: turn(twin.dialect, text, ruin=word == "marks"), edit
            )
        except WrongShapeError as error:
            self._answer(error.status, json.dumps(error.body).encode())
            return
        whole = json.dumps(said, ensure_ascii=False).encode()
        if word == "half":
            self._answer(200, whole[: len(whole) // 2], ("Content-Length", str(len(whole))))
        else:
            self._answer(200, whole)

    def _answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        if "Content-Length" not in {name for name, _ in headers}:
            self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Keep the test's output clean."""


def _emptied(rows: list[Any]) -> list[Any]:
    """Return the rows with nothing in the first of them."""
    if isinstance(rows[0], dict):
        return [{name: "" if isinstance(value, str) else value for name, value in rows[0].items()}, *rows[1:]]
    return ["<p> </p>" if "<p>" in rows[0] else "", *rows[1:]]


def _said(refusals: Mapping[str, tuple[int, Any]], dialect: str) -> tuple[int, bytes]:
    status, said = refusals.get(dialect, (429, {"message": "slow down"}))
    return status, json.dumps(said).encode()


_EDITS: Final[dict[str, Callable[[list[Any]], list[Any]]]] = {
    "fewer": lambda rows: rows[:-1],
    "more": lambda rows: [*rows, rows[-1]],
    "empty": _emptied,
}
# What does not look at the request: status, body, headers.
_CANNED: Final[dict[str, Callable[[str, str], tuple[Any, ...]]]] = {
    "status": lambda _, detail: (int(detail), b"<html>trouble</html>"),
    "later": lambda _, detail: (503, b"", ("Retry-After", detail)),
    "moved": lambda *_: (302, b"", ("Location", "http://127.0.0.1:9/")),
    "garbage": lambda *_: (200, b"<!doctype html><title>Maintenance</title>"),
    "other": lambda *_: (200, b'{"status": "well"}'),
    "quota": lambda dialect, _: _said(_QUOTAS, dialect),
    "busy": lambda dialect, _: _said(_BUSY, dialect),
}


@contextmanager
def serving(dialect: str, *script: str) -> Iterator[Twin]:
    """Run a twin for a while."""
    twin = Twin(dialect, "", list(script) or ["good"])
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"twin": twin}))
    server.daemon_threads = True
    twin.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield twin
    finally:
        twin.stop.set()
        server.shutdown()
        thread.join()
        server.server_close()
