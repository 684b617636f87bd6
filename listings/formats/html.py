"""Descriptions from outside: what can be run is taken out, what shows text is kept.

A text without any mark of HTML is left as it is, so that ``a & b`` stays what was typed.
"""

from __future__ import annotations

from typing import Final

import nh3

_TAGS: Final = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "div", "dl", "dt", "em", "figcaption", "figure"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub"),
    *("sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
_ATTRIBUTES: Final = {"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_CLEANER: Final = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    # A relative address means another place here than in the shop it comes from.
    link_rel="noopener noreferrer",
)


def cleaned(text: str) -> str:
    """Return a description without scripts, styles, handlers and addresses that run.

    >>> cleaned('<p onclick="x()">Hecho <b>a mano</b><script>x()</script></p>'), cleaned("Sal & limón")
    ('<p>Hecho <b>a mano</b></p>', 'Sal & limón')
    """
    return _CLEANER.clean(text) if nh3.is_html(text) else text
