"""Papers: our templates, somebody's data, and a PDF that says what the data say."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from shopkit.printing import PrintingError, pages, pdf

ON = date(2026, 11, 28)


def printed(**data: Any) -> str:
    """Return the text of a plain paper's pages."""
    return "\n".join(page.extract_text() for page in reader(**data).pages)


def reader(**data: Any) -> PdfReader:
    """Return a plain paper as it is read back."""
    return PdfReader(io.BytesIO(pdf("sheet", {"title": "Hoja", **data}, on=ON)))


def test_letters_and_signs_of_money_of_all_our_countries_are_printed() -> None:
    """The fonts inside typst have what Spanish, Portuguese, English and the region's currencies are written with."""
    signs = "áéíóúüñ¿¡ ãõâêôçà «»“”’–—…ºª R$ S/ B/. Bs C$ L Q $ € £ ¥ ₡ ₲ ₱ ¢ ƒ ½ × − ≈ → ● ◐ ○ ✓ ☐"

    text = printed(subtitle=signs)

    assert [one for one in signs.split() if one not in text] == []


def test_what_looks_like_markup_is_printed_as_it_is() -> None:
    """Data are strings, never part of a template: nothing in a title is an order to the printer."""
    title = '#panic("x") *no* _no_ $x^2$ @ref <label> #import "/etc/passwd" \\ // /* [a]'

    text = printed(table={"columns": [title], "rows": [[title]]})

    assert " ".join(text.split()).count(title) == 2


def test_signs_that_no_font_draws_are_left_out() -> None:
    """Emoji, their joiners and control characters go; what is beside them stays, put together."""
    text = printed(subtitle="Poncho\u0000 \U0001f999\ufe0f\u200d rojo, Pin\u0303ata")

    assert "Poncho rojo, Piñata" in " ".join(text.split())


def test_the_same_data_on_the_same_day_are_the_same_bytes() -> None:
    """Nothing of the machine or the hour is in a paper."""
    data = {"title": "Hoja", "facts": [["Moneda", "USD"]]}

    assert pdf("sheet", data, on=ON) == pdf("sheet", data, on=ON)


def test_a_paper_says_what_it_is_whose_in_which_language_and_when() -> None:
    """Title, author, language and day stand where readers of PDF look."""
    made = PdfReader(io.BytesIO(pdf("sheet", {"title": "Preços", "seller": "Loja"}, on=ON, language="pt-BR")))

    assert made.metadata is not None
    assert (made.metadata.title, made.metadata.author, made.metadata.creation_date_raw) == (
        "Preços",
        "Loja",
        "D:20261128000000Z",
    )
    assert str(made.root_object["/Lang"]) == "pt"


def test_the_head_of_a_table_stands_on_every_page() -> None:
    """A long table goes on, with its head again, and every page has its number."""
    made = reader(table={"columns": ["Precio de la caja"], "rows": [[str(n)] for n in range(120)]})

    found = [("Precio de la caja" in text, f"{n} / {len(made.pages)}" in text) for n, text in _texts(made)]
    assert found == [(True, True)] * 3


def test_pages_can_be_looked_at() -> None:
    """The same paper comes as pictures, one a page."""
    made = pages("sheet", {"title": "Hoja", "table": {"columns": ["A"], "rows": [[str(n)] for n in range(60)]}}, on=ON)

    assert [Image.open(io.BytesIO(one)).format for one in made] == ["PNG"] * 2


@pytest.mark.parametrize("name", ["none", "../printing/sheet", "Sheet", ""])
def test_only_our_templates_are_printed(name: str) -> None:
    """A template is named, by a name we have."""
    with pytest.raises(ValueError, match="there is no template"):
        pdf(name, {"title": "Hoja"}, on=ON)


def test_a_picture_has_a_plain_name() -> None:
    """No name of a picture leads out of the folder of its own."""
    with pytest.raises(ValueError, match="no name for a picture"):
        pdf("sheet", {"title": "Hoja"}, on=ON, pictures={"../x": b""})


def test_data_that_do_not_fit_are_told_in_the_printers_words() -> None:
    """A paper without a title is none."""
    with pytest.raises(PrintingError, match=r"sheet\.typ.*title"):
        pdf("sheet", {}, on=ON)


def _texts(made: PdfReader) -> list[tuple[int, str]]:
    return [(n, page.extract_text()) for n, page in enumerate(made.pages, start=1)]
