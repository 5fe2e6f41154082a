"""The files of one layout, over all the folders that may hold them."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pmpress.diagnostics import PressError, Span, error


def broken(shown: str, message: str, hint: str = "") -> PressError:
    """The error for a layout that cannot be used, at the file that is wrong."""
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

    def under(self, folder: str) -> set[str]:
        """The paths of all files in one of the layout's folders."""
        files = (file for root in self.folders for file in (root / folder).glob("*") if file.is_file())
        return {f"{folder}/{file.name}" for file in files}

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
