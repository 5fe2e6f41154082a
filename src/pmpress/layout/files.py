"""The files of one layout, over all the folders that may hold them."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from pmpress.diagnostics import Diagnostic, PressError, Span, error
from pmpress.model import Asset

COMMON = "common"
"""The folder of what all layouts have in common: templates, fonts, and the CSS that their own builds upon."""

FONTS = "fonts"
"""The folder of the font families, which is no layout either."""


def broken(shown: str, message: str, hint: str = "") -> PressError:
    """The error for a layout that cannot be used, at the file that is wrong."""
    hint = hint or "Mend it, or take it away to get the built-in one."
    return PressError(error("layout-broken", message, Span(shown), hint))


def is_plain(name: str) -> bool:
    """Whether a name is that of a file or folder right here, and leads nowhere else."""
    return bool(name) and "\0" not in name and Path(name).name == name and name not in (".", "..")


def inside(folder: Path, path: str) -> Path | None:
    """The file of that path inside a folder, or None if there is none or it leads out of it."""
    file = folder / path
    if os.path.isfile(file) and Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder)):
        return file
    return None


def read_toml(path: Path | None, shown: str) -> Mapping[str, Any]:
    """The table in a TOML file; empty without one. Raises PressError (`layout-broken`)."""
    try:
        return tomllib.loads(path.read_text("utf-8")) if path else {}
    except (OSError, ValueError, RecursionError) as fault:
        raise broken(shown, f"the file cannot be read: {fault}") from fault


@dataclass(frozen=True, slots=True)
class Files:
    """The folders that may hold a layout's files, the author's first."""

    name: str
    folders: tuple[Path, ...]

    def find(self, path: str) -> Path | None:
        """The first file of that path; None if there is none, or if it leads out of the layout's folder."""
        return next((found for folder in self.folders if (found := inside(folder, path))), None)

    def all(self) -> list[tuple[int, str, str]]:
        """Every file in the folders: which folder, the path in it, and the SHA-256 of what is in the file."""
        found = []
        for number, folder in enumerate(self.folders):
            for path in sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")):
                if file := inside(folder, path):
                    with suppress(OSError):
                        found.append((number, path, sha256(file.read_bytes()).hexdigest()))
        return found

    def text(self, path: str) -> str | None:
        """The file's text; None if there is none. Raises PressError (`layout-broken`) if it is not UTF-8."""
        found = self.find(path)
        try:
            return found.read_text("utf-8") if found else None
        except (UnicodeDecodeError, OSError) as fault:
            raise broken(self.shown(path), f"the file cannot be read: {fault}") from fault

    def shown(self, path: str) -> str:
        """What a file of the layout is called in a diagnostic."""
        return f"layouts/{self.name}/{path}"


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """One output's finished CSS, the files it refers to, what it asks for and may not have, and what its custom
    properties come to, by their names without dashes; `written` is what the layout itself has for them."""

    text: str
    assets: tuple[Asset, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
