"""The voice of the house: tú in Spanish, você in Portuguese, in every text that ships."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

import pytest
from babel.messages.pofile import read_po

from landed_cost.rulebook.reader import read
from tests.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from landed_cost.rulebook.reader import Node

# The imperatives of usted that a text of this trade is likely to use. As a subjunctive each is right after *que*,
# *cuando* and their like; in the middle of a clause it is a noun (*el informe*, *el cobre*) or another's doing.
FORMAL: Final = """
    acepte acuda adjunte agregue anótelo asegúrese averigüe avise añada busque calcule cambie cargue cobre
    cóbrelo compare compre compruebe confirme conserve considere consulte contrate corrija cotice cuente
    cumpla dé declare declárelo deje describa diga divida elija elimine emita empaque entregue entréguelo
    envíe envíela envíelas envíelo escriba espere etiquete evite exija exporte firme guarde guárdelo haga
    hágalo importe imprima incluya indique indíquelo informe inscriba inscríbase intente lea limítese llame
    llene llénelo lleve mande marque mida mire muestre nómbrela nómbrelo notifique obtenga ofrezca pague pida
    pídala pídalo ponga pregunte prepare presente preséntelo quite quítelo reciba registre regístrelo
    regístrese retire reúna revise repita responda respóndala separe siga solicite sume suponga tenga tome
    traduzca tramite use utilice vaya vea venda verifique vuelva
""".split()  # noqa: SIM905  # a list of a hundred words is read more easily so
# Nouns that look like one at the beginning of a sentence too.
NOUNS: Final = frozenset({"informe", "importe", "cobre", "empaque", "presente", "firme", "cuente"})
WORD: Final = re.compile(
    r"(?:^|[.;:!?¿¡(«]\s*|,\s+|\s(?:[ouye]|no|nunca)\s+)(?:(?:no|nunca)\s+)?(?:l[aeo]s?\s+)?"
    rf"({'|'.join(FORMAL)})\b",
    re.IGNORECASE,
)
SUBJUNCTIVE: Final = re.compile(r"\b(que|cuando|mientras|donde|quien|hasta|aunque|como|si)\b", re.IGNORECASE)
USTED: Final = re.compile(r"\b(usted|ustedes|vos|vosotros)\b", re.IGNORECASE)
TU: Final = re.compile(r"\b(tu|teu|teus|tua|tuas|contigo|vós|vosso|vossa|o senhor|a senhora)\b", re.IGNORECASE)


@cache
def texts(language: str) -> tuple[tuple[str, str], ...]:
    """Return place and text of everything that ships in a language: rules, reasons, problems, and the pages."""
    return tuple(_texts(language))


def _texts(language: str) -> Iterator[tuple[str, str]]:
    for folder in ("landed_cost", "shopkit", "listings"):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            for node in _of(read(path), language):
                yield f"{path.relative_to(ROOT).parent}/{node.where}", node.value
    catalog = {"es": "es", "pt": "pt_BR"}[language]
    with (ROOT / f"translations/catalogs/{catalog}/LC_MESSAGES/shopkit.po").open("rb") as file:
        for message in read_po(file):
            for text in [message.string] if isinstance(message.string, str) else message.string or []:
                yield f"{catalog}: {message.id}", text


def _of(node: Node, language: str, key: str | None = None) -> Iterator[Node]:
    if isinstance(node.value, dict):
        for name, value in node.value.items():
            yield from _of(value, language, name)
    elif isinstance(node.value, list):
        for value in node.value:
            yield from _of(value, language, key)
    elif key == language and isinstance(node.value, str):
        yield node


def formal(text: str) -> list[str]:
    """Return the words by which a Spanish text addresses somebody as usted.

    >>> formal("Pida el papel, o regístrese allí. No la envíe.")
    ['Pida', 'regístrese', 'envíe']
    >>> formal("Pide a un agente que lo revise y confirme, con el informe de cobre.")
    []
    """
    found = [match[0] for match in USTED.finditer(text)]
    for match in WORD.finditer(text):
        word = match[1]
        clause = re.split(r"[.;:]", text[: match.start(1)])[-1]
        if (
            word.lower() not in NOUNS
            and not word.isupper()
            and not (SUBJUNCTIVE.search(clause) and not word[0].isupper())
        ):
            found.append(word)
    return found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Pida el papel, o regístrese allí. No la envíe.", ["Pida", "regístrese", "envíe"]),
        ("Añada la etiqueta y pregunte al agente.", ["Añada", "pregunte"]),
        ("No puede pagarse allí. Usted no está inscrito.", ["Usted"]),
        ("Nunca declare una venta como regalo; consulte antes.", ["declare", "consulte"]),
        ("Pide a un agente que lo revise y confirme; el informe es de cobre.", []),
        ("Informe de laboratorio, cobre y acero.", []),
        ("Entrégalo cuando el correo vuelva a aceptar mercancía.", []),
    ],
)
def test_what_is_formal(text: str, words: list[str]) -> None:
    """Imperatives of usted are found at the beginning of a clause; subjunctives and nouns are not taken for them."""
    assert formal(text) == words


def test_spanish_says_tu() -> None:
    """No Spanish text that ships addresses its reader as usted."""
    found = {f"{where}: {', '.join(words)}" for where, text in texts("es") if (words := formal(text))}

    assert sorted(found) == []


def test_portuguese_says_voce() -> None:
    """No Portuguese text that ships addresses its reader as tu, vós or o senhor."""
    found = {f"{where}: {match[0]}" for where, text in texts("pt") for match in TU.finditer(text)}

    assert sorted(found) == []


def test_there_is_something_to_read() -> None:
    """Thousands of texts are looked at in either language, so that the two above cannot pass by looking at none."""
    assert [len(texts(language)) > 2_000 for language in ("es", "pt")] == [True, True]
