"""What a look-up in a translation memory of 100,000 units takes, beside comparing with every one of them.

Seconds are those of the processor: a look-up waits for nothing, and what others do on the machine is not in them. The
titles and sentences are put together from few words, so that they are nearer to each other than a shop's are.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Final

from rapidfuzz import process
from rapidfuzz.distance import Indel

from benchmarks.goods import ROOT
from translations.memory import NEAR, Memory, Unit

if TYPE_CHECKING:
    from benchmarks.report import Report

UNITS: Final = 100_000
ASKED: Final = 400
GOAL_MS: Final = 5.0
TIMES_FASTER: Final = 2
_BESIDE: Final = 20
_TITLES: Final = """
    Playera|Camisa|Blusa|Bolsa|Cartera|Manta|Cobija|Taza|Plato|Olla|Collar|Pulsera|Anillo|Par de aretes|Vela|Jabón
    Libreta|Muñeca|Mantel|Servilleta|Hamaca|Sombrero|Cinturón|Chal|Rebozo|Huipil|Tapete|Cojín|Lámpara|Canasta|Café
    Molinillo|Cuchara|Tabla|Espejo|Marco|Florero|Chocolate|Miel|Mermelada|Queso|Guitarra|Máscara|Juguete
    ---
    de algodón|de lana|de alpaca|de cuero|de piel|de barro|de madera de cedro|de nogal|de plata|de cobre|de latón
    de palma|de henequén|de vidrio soplado|de cerámica|de cera de abeja|de lino|de seda|de papel amate|de hojalata
    de semillas|de cacao|de altura|de cabra|de coco|de bambú|de yute|de terciopelo|de mezclilla|de talavera
    ---
    bordada a mano|tejida en telar de cintura|teñida con añil|pintada a mano|tallada|martillada|trenzada
    hecha por encargo|de edición limitada|con flecos|con forro|sin costuras|con cierre|con tapa|para regalo
    para bebé|para mujer|para hombre|para la cocina|para el jardín|para la mesa|reversible|lavable|plegable
    ---
    de Oaxaca|de Chiapas|de Michoacán|de Puebla|de Jalisco|de Cusco|de Ayacucho|de Otavalo|de Cuenca|de Antioquia
    de Boyacá|de Nariño|de Chiloé|de Salta|de Jujuy|de Antigua|de Masaya|de Granada|de Ponce|de Tarija
    ---
    color rojo|color azul marino|color café|color natural|en blanco|en negro|en verde olivo|en morado|multicolor
    talla chica|talla mediana|talla grande|talla única|de {size}|de 30 cm|de 45 x 60 cm|de 250 g|de 12 oz
"""
_SENTENCES: Final = """
    Cada pieza es única y puede variar un poco en {what}.|Lave {what} a mano con agua fría y jabón neutro.
    Enviamos {what} en un plazo de {days} días hábiles.|Guarde {what} en un lugar seco, lejos del sol.
    El taller de doña {name} trabaja {what} desde hace {days} años.|Si {what} llega con daño, lo cambiamos sin costo.
    Mide {days} cm de alto y pesa {days}0 g, con {what}.|Para cuidar {what}, use un paño suave y seco.
    ---
    el color|la forma|el tejido|la costura|la tela|el bordado|el cuero|la madera|el barro|la plata|el cierre|el forro
    su pedido|el paquete|el collar|la bolsa|la manta|el mantel|la taza|el plato|la vela|el jabón|el café|la miel
    ---
    Rosa|Carmen|Lucía|Marta|Elena|Juana|Inés|Teresa|Aurora|Beatriz|Consuelo|Dolores|Estela|Felisa
"""


def _lists(block: str) -> list[list[str]]:
    return [
        [one for line in part.splitlines() for one in line.strip().split("|") if one] for part in block.split("---")
    ]


_PARTS: Final = _lists(_TITLES)
_FRAMES, _WHAT, _NAMES = _lists(_SENTENCES)
# A process of its own, so that what the memory holds is what the system says.
_HELD: Final = """
import json, resource, sys, time
from benchmarks.memory import units
rows = units(int(sys.argv[1]))
held = lambda: int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 1e6
before = held()
from translations.memory import Memory
begun = time.perf_counter()
memory = Memory(rows)
print(json.dumps({"seconds": time.perf_counter() - begun,
                  "mb": held() - before}))
"""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of each look-up, by what was asked: a text that is there, one changed in a word, one that is new."""

    known: list[float]
    changed: list[float]
    new: list[float]

    @property
    def all(self) -> list[float]:
        """Every look-up."""
        return [*self.known, *self.changed, *self.new]


def texts(count: int, seed: int = 1) -> list[str]:
    """Return titles and sentences of listings, all different, the same ones for a seed."""
    chance = random.Random(seed)  # noqa: S311  # the same texts in every run
    found: dict[str, None] = {}
    while len(found) < count:
        if chance.random() < 0.6:  # noqa: PLR2004  # more titles than sentences
            chosen = [chance.choice(part) for part in _PARTS]
            text = " ".join(part for place, part in enumerate(chosen) if place == 0 or chance.random() < 0.8)  # noqa: PLR2004
        else:
            text = " ".join(_sentence(chance) for _ in range(chance.choice((1, 1, 2))))
        found[text] = None
    return list(found)


def units(count: int) -> list[Unit]:
    """Return as many units; what they are translated to makes no difference to the search."""
    return [
        Unit(str(number), text, f"Translation {number}", "es-MX", "en-US", status="approved")
        for number, text in enumerate(texts(count))
    ]


def measure(report: Report, *, count: int = UNITS, asked: int = ASKED) -> None:
    """Look known, changed and new texts up, and compare some of them with every unit."""
    rows = units(count)
    memory = Memory(rows)
    chance = random.Random(2)  # noqa: S311  # the same questions in every run
    known = [chance.choice(rows).source for _ in range(asked)]
    changed = [_changed(chance.choice(rows).source, chance) for _ in range(asked)]
    times = Times(*(_timed(memory, questions) for questions in (known, changed, texts(asked, seed=3))))
    for name, seconds in (("known", times.known), ("changed in a word", times.changed), ("new", times.new)):
        note = f"of the processor; 95 of 100 within {1_000 * quantiles(seconds, n=20)[-1]:.1f} ms"
        report.add(f"memory: a look-up of a text that is {name}", 1_000 * median(seconds), "ms", note)
    report.goal(f"memory: a look-up among {count:,} units", 1_000 * median(times.all), GOAL_MS, at_most=True, unit="ms")
    report.goal("memory: times faster than comparing with every unit", _beside(memory, rows, changed), TIMES_FASTER)
    found: dict[str, Any] = json.loads(
        subprocess.run([sys.executable, "-c", _HELD, str(count)], check=True, capture_output=True, cwd=ROOT).stdout
    )
    report.add("memory: laid out", found["seconds"], "s", f"{count:,} units, once")
    report.add("memory: held besides the units", found["mb"], "MB")


def _timed(memory: Memory, questions: list[str]) -> list[float]:
    seconds = []
    for text in questions:
        begun = time.thread_time()
        memory.look_up(text, "es-MX", "en-US")
        seconds.append(time.thread_time() - begun)
    return seconds


def _beside(memory: Memory, rows: list[Unit], questions: list[str]) -> float:
    """Return the median ratio, text for text, of comparing with every source to a look-up."""
    sources = [row.source for row in rows]
    ratios = []
    for text in questions[:_BESIDE]:
        begun = time.thread_time()
        process.extract(text, sources, scorer=Indel.normalized_similarity, score_cutoff=NEAR, limit=None)
        between = time.thread_time()
        memory.look_up(text, "es-MX", "en-US")
        ratios.append((between - begun) / (time.thread_time() - between))
    return median(ratios)


def _sentence(chance: random.Random) -> str:
    return chance.choice(_FRAMES).format(
        what=chance.choice(_WHAT), days=chance.randint(1, 60), name=chance.choice(_NAMES)
    )


def _changed(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    words[chance.randrange(len(words))] = chance.choice(chance.choice(_PARTS))
    return " ".join(words)
