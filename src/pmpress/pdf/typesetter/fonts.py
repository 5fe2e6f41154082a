"""The engine's fonts: those of the layout, and never one of the machine.

Pango asks fontconfig for fonts, and fontconfig reads the file that `FONTCONFIG_FILE` names. The press writes one of
its own, whose only folders are those of the layout's families.

To be sent to a worker a family is packed: the fonts that come with the press are named, others bring their bytes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from multiprocessing import util
from pathlib import Path
from xml.sax.saxutils import escape

from pmpress.diagnostics import MachineError, error
from pmpress.layout import FontFace, FontFamily, built_in

# `emoji` is what Pango asks for by itself where emoji are to be seen as such: with U+FE0F, joined, flags, skin tones.
_GENERIC = {"serif": "serif", "sans": "sans-serif", "mono": "monospace", "emoji": "emoji"}


@dataclass(frozen=True, slots=True)
class PackedFace:
    """A font file to be sent away: `digest` is its SHA-256; `data` is empty where the worker has the file too."""

    file: str
    weight: int
    style: str
    digest: str
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class PackedFamily:
    """A family to be sent away; `folder` is its place among the layouts that come along, or empty elsewhere."""

    name: str
    kind: str
    folder: str
    faces: tuple[PackedFace, ...]


def pack(family: FontFamily) -> PackedFamily:
    """The family as values that mean the same on another machine."""
    folder, layouts = family.folder.resolve(), built_in().resolve()
    comes_along = folder.is_relative_to(layouts)
    faces = []
    for face in family.faces:
        packed = PackedFace(face.path.name, face.weight, face.style, face.digest)
        faces.append(packed if comes_along else replace(packed, data=face.path.read_bytes()))
    return PackedFamily(
        family.name, family.kind, folder.relative_to(layouts).as_posix() if comes_along else "", tuple(faces)
    )


def unpack(packed: PackedFamily) -> FontFamily:
    """The family as files on this machine; those that brought their bytes are written to a temporary folder."""
    folder = built_in() / packed.folder if packed.folder else _unpacked(packed)
    faces = tuple(FontFace(folder / face.file, face.weight, face.style, face.digest) for face in packed.faces)
    return FontFamily(packed.name, packed.kind, "", folder, faces)


def _unpacked(packed: PackedFamily) -> Path:
    name = sha256("".join(face.digest for face in packed.faces).encode()).hexdigest()[:16]
    folder = _folder() / "families" / name
    if not folder.is_dir():
        # Whole at once: other workers may share the folder, and look for fonts in it.
        beside = Path(tempfile.mkdtemp(dir=_folder()))
        for face in packed.faces:
            (beside / face.file).write_bytes(face.data)
        folder.parent.mkdir(exist_ok=True)
        with suppress(OSError):  # another was faster
            beside.rename(folder)
    return folder


def use_only(families: Sequence[FontFamily]) -> None:
    """Let fontconfig, in this process and its children, see these families and no others.

    To be called before the engine is imported, because it looks for fonts when it is, and before each new set of fonts.
    """
    text = configuration(families, _folder() / "cache")
    path = _folder() / f"{sha256(text.encode()).hexdigest()[:16]}.conf"
    if not path.exists():
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(text, "utf-8")
        beside.replace(path)
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
    # Not `atexit`, which a worker process does not come to.
    util.Finalize(None, shutil.rmtree, (folder, True), exitpriority=0)
    return folder
