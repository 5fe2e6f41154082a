"""The engine's fonts: those of the layout, and never one of the machine.

Pango asks fontconfig for fonts, and fontconfig reads the file that `FONTCONFIG_FILE` names. The press writes one of
its own, whose only folders are those of the layout's families.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

from pmpress.diagnostics import MachineError, error
from pmpress.layout import FontFamily

_GENERIC = {"serif": "serif", "sans": "sans-serif", "mono": "monospace"}


def use_only(families: Sequence[FontFamily]) -> None:
    """Let fontconfig, in this process and its children, see these families and no others.

    To be called before the engine is imported, because it looks for fonts when it is, and before each new set of fonts.
    """
    text = configuration(families, _folder() / "cache")
    path = _folder() / f"{sha256(text.encode()).hexdigest()[:16]}.conf"
    path.write_text(text, "utf-8")
    os.environ["FONTCONFIG_FILE"] = str(path)


def configuration(families: Sequence[FontFamily], cache_folder: Path) -> str:
    """A fontconfig configuration: the families' folders, a family for each generic name, and every family as a last
    resort, in the layout's order, for what the families asked for do not have."""
    lines = ['<?xml version="1.0"?>', '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">', "<fontconfig>"]
    lines += [f"<dir>{escape(str(family.folder.resolve()))}</dir>" for family in families]
    lines.append(f"<cachedir>{escape(str(cache_folder))}</cachedir>")
    for kind, generic in _GENERIC.items():
        name = next((family.name for family in families if family.kind == kind), None)
        if name is not None:
            prefer = f"<prefer><family>{escape(name)}</family></prefer>"
            lines.append(f'<alias binding="same"><family>{generic}</family>{prefer}</alias>')
    names = "".join(f"<string>{escape(family.name)}</string>" for family in families)
    lines.append(
        f'<match target="pattern"><edit name="family" mode="append_last" binding="weak">{names}</edit></match>'
    )
    lines.append("</fontconfig>")
    return "\n".join(lines)


@cache
def _folder() -> Path:
    """A folder for this process's configurations, gone when it ends. Raises MachineError (`temporary-unwritable`)."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="pmpress-fonts-"))
    except OSError as fault:
        hint = "Name a folder that can be written to in TMPDIR."
        raise MachineError(
            error("temporary-unwritable", f"there is no place for temporary files: {fault}", hint=hint)
        ) from fault
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
