"""CN 23 as ZPL II for thermal printers: labels of four by six inches at 203 or 300 dots an inch.

What is set is what ``sheets.form`` makes of a declaration for a label, word for word. Texts are UTF-8 (``^CI28``); the
signs that begin a command stand as hexadecimal (``^FH``). Lines are broken here and not by the printer, which would
print the last ones over each other. What has no room stands on the next label; nothing is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal

from shopkit.papers import sheets
from shopkit.tracking import s10

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shopkit.papers.declaration import Declaration

Json = dict[str, Any]
Dpi = Literal[203, 300]
DPI: Final[tuple[Dpi, ...]] = (203, 300)
_INCHES: Final = (4, 6)
# Dots of the narrowest bar: 0.375 and 0.42 mm.
_MODULE: Final[dict[Dpi, int]] = {203: 3, 300: 5}
_MM_PER_INCH: Final = 25.4
_MARGIN_MM: Final = 3.0
# Heights of letters, and of the bars, in millimetres.
_TITLE, _BODY, _SMALL, _BARS = 3.6, 2.4, 1.9, 12.5
# A letter of font 0 is this much of its height wide; the widest are wider, most are narrower.
_WIDE: Final = 0.5
_LEADING: Final = 1.25
# Where the columns of the goods begin, as parts of the width.
_COLUMNS: Final = (0.0, 0.40, 0.51, 0.64, 0.79, 0.90)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def labels(of: Declaration, language: str, dpi: Dpi = 203) -> bytes:
    """Return CN 23 as ZPL, UTF-8, one ``^XA … ^XZ`` for each label."""
    return "".join(_Roll(sheets.form(of, "cn23", language, "label"), of.number, dpi).made()).encode()


class _Roll:
    """Labels one after another, filled from the top."""

    def __init__(self, said: Json, number: str, dpi: Dpi) -> None:
        self.said = said
        self.number = s10.compact(number) if said["number"] else ""
        self.dpi: Dpi = dpi
        self.width, self.height = (side * dpi for side in _INCHES)
        self.left = self._dots(_MARGIN_MM)
        self.right = self.width - self.left
        self.y = 0
        self.out: list[str] = []

    def made(self) -> list[str]:
        self._begin()
        self._parties()
        self._goods()
        for label, text in self.said["sums"]:
            self._write(f"{label}: {text}", _BODY)
        self._rule()
        self._ticks(self.said["category"])
        for row in self.said["boxes"]:
            for label, text in row:
                if text:
                    self._write(f"{label}: {text}", _BODY)
        if self.said["undelivered"]:
            self._ticks([self.said["undelivered"][0][0], *self.said["undelivered"][1:]])
        self._rule()
        self._write(self.said["certify"], _SMALL)
        self._write(f"{self.said['signature']} {self.said['signed']}".rstrip(), _SMALL)
        # Room for a pen.
        self._room(self._dots(6))
        self.out.append("^XZ\n")
        return self.out

    def _dots(self, millimetres: float) -> int:
        return round(millimetres * self.dpi / _MM_PER_INCH)

    def _begin(self) -> None:
        self.out.append(f"^XA^CI28^PW{self.width}^LL{self.height}^LH0,0\n")
        self.y = self.left
        self._write(f"{self.said['form']}  {self.said['head']}", _TITLE)
        self._write(f"{self.said['opened']}. {' '.join(self.said['reference'])}", _SMALL)
        if self.number:
            self._bars()

    def _bars(self) -> None:
        module, high = _MODULE[self.dpi], self._dots(_BARS)
        # Thirteen signs of set B with start, sum and stop.
        wide = (11 * (len(self.number) + 2) + 13) * module
        at = (self.width - wide) // 2
        self.out.append(f"^FO{at},{self.y}^BY{module}^BCN,{high},N,N,N,N^FD{self.number}^FS\n")
        self.y += high + self._dots(1)
        self._put(at, self.said["number"]["text"], _BODY)
        self.y += self._line(_BODY)

    def _parties(self) -> None:
        self._rule()
        half = (self.right - self.left) // 2
        columns = [
            [one for text in (label, *lines) for one in self._broken(text, half - self._dots(1), _BODY)]
            for label, lines in (self.said["from"], self.said["to"])
        ]
        for place in range(max(map(len, columns))):
            self._room(self._line(_BODY))
            for column, lines in enumerate(columns):
                if place < len(lines):
                    self._put(self.left + column * half, lines[place], _BODY)
            self.y += self._line(_BODY)
        self._rule()

    def _goods(self) -> None:
        self._row(self.said["columns"], _SMALL)
        for sheet in self.said["sheets"]:
            for row in sheet:
                self._row(row, _BODY)
        self._rule()

    def _row(self, cells: Sequence[str], size: float) -> None:
        whole = self.right - self.left
        ends = (*_COLUMNS[1:], 1.0)
        columns = [
            list(self._broken(text, round((end - begin) * whole) - self._dots(1), size))
            for text, begin, end in zip(cells, _COLUMNS, ends, strict=True)
        ]
        high = max(map(len, columns)) * self._line(size)
        self._room(high)
        top = self.y
        for begin, lines in zip(_COLUMNS, columns, strict=True):
            self.y = top
            for one in lines:
                self._put(self.left + round(begin * whole), one, size)
                self.y += self._line(size)
        self.y = top + high

    def _ticks(self, said: Sequence[Any]) -> None:
        ticked = "  ".join(f"[{'X' if is_chosen else ' '}] {label}" for label, is_chosen in said[1:])
        self._write(f"{said[0]}: {ticked}", _SMALL)

    def _write(self, text: str, size: float) -> None:
        for one in self._broken(text, self.right - self.left, size):
            self._room(self._line(size))
            self._put(self.left, one, size)
            self.y += self._line(size)

    def _rule(self) -> None:
        self._room(self._dots(1))
        self.out.append(f"^FO{self.left},{self.y}^GB{self.right - self.left},2,2^FS\n")
        self.y += self._dots(1)

    def _put(self, x: int, text: str, size: float) -> None:
        high = self._dots(size)
        self.out.append(f"^FO{x},{self.y}^A0N,{high},{high}^FH_^FD{_escaped(text)}^FS\n")

    def _line(self, size: float) -> int:
        return round(self._dots(size) * _LEADING)

    def _room(self, high: int) -> None:
        """Go on to the next label where this one has no room."""
        if self.y + high > self.height - self.left:
            self.out.append("^XZ\n")
            self._begin()
            self._write(self.said["continued"], _BODY)

    def _broken(self, text: str, wide: int, size: float) -> Iterator[str]:
        """Yield the lines of a text that are no wider than this, broken at blanks, and where a word is too long."""
        most = max(1, int(wide / (self._dots(size) * _WIDE)))
        line = ""
        for word in _CONTROL.sub(" ", text).split(" "):
            left = word
            while len(left) > most or len(line) + len(left) + 1 > most:
                if line:
                    yield line
                    line = ""
                    continue
                if len(left) <= most:
                    break
                yield left[:most]
                left = left[most:]
            line = f"{line} {left}" if line else left
        yield line


def _escaped(text: str) -> str:
    """Return a text in which no sign begins a command.

    >>> _escaped("a^b~c_d")
    'a_5Eb_7Ec_5Fd'
    """
    return re.sub(r"[\^~_]", lambda sign: f"_{ord(sign[0]):02X}", text)
