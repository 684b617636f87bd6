"""The files of a rulebook: which belong to which destination."""

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from landed_cost.rulebook.reader import Node, RulebookError, read

# What can be told of a destination before its files are read: a plain line at the left margin.
_WITHIN: Final = re.compile(r"^customs_territory: *([A-Z]{2})\s", re.MULTILINE)


class Folder:
    """A folder of rules: ``<cc>.yaml`` for a destination, or a folder ``<cc>`` of YAML files.

    ``include: [_eu]`` adds the files of the folder ``_eu``, for law that several destinations share. What stands in
    ``papers/<cc>.yaml`` belongs to that destination, and what stands in ``_every`` to each of them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def own(self) -> Mapping[str, tuple[Path, ...]]:
        """The files of each destination but for what it includes, by its country code.

        Raises ``RulebookError`` where there is none, or one destination has both a file and a folder.
        """
        found: dict[str, tuple[Path, ...]] = {path.stem.upper(): (path,) for path in sorted(self.path.glob("??.yaml"))}
        for folder in sorted(path for path in self.path.glob("??") if path.is_dir()):
            files = tuple(sorted(folder.glob("*.yaml")))
            if files and folder.name.upper() in found:
                raise RulebookError(f"{folder.name}/", f"there is a file {folder.name}.yaml too; keep one of them")
            if files:
                found[folder.name.upper()] = files
        if not found:
            raise RulebookError(self.path.name, "no destination file here; a rulebook has <cc>.yaml files")
        return found

    @cached_property
    def territories(self) -> Mapping[str, str]:
        """The destinations that lie in the customs territory of another one, and that one."""
        found = {}
        for code, files in self.own.items():
            for path in files:
                within = _WITHIN.search(path.read_text("utf-8", "replace"))
                if within is not None and within[1] != code:
                    found[code] = within[1]
        return found

    def parts(self, code: str) -> list[Node]:
        """Return the files of a destination, read, with what they include; what is wrong names file and line.

        None is kept, though several destinations may share it: what a file says is many times what is made of it.
        """
        parts = [read(path) for path in self.own[code]]
        papers = self.path / "papers" / f"{code.lower()}.yaml"
        if papers.is_file():
            parts.append(read(papers))
        for node in [include for part in parts if (include := part.get("include"))]:
            for name in node.texts():
                shared = sorted((self.path / name).glob("*.yaml"))
                if not shared:
                    raise node.fail(f"there is no folder {name} with YAML files")
                parts += [read(path) for path in shared]
        return parts + [read(path) for path in sorted((self.path / "_every").glob("*.yaml"))]
