"""A manuscript just imported is loaded as the press will load it. What would keep it from being built, a picture that
is not there, a link that leads nowhere, is taken out, its words stay, and it is named."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from pmpress.diagnostics import Diagnostic, PressError, Severity, warning
from pmpress.press import Order, load

_ROUNDS = 3
_PICTURES = frozenset(
    [
        "image-missing",
        "image-remote",
        "image-data",
        "image-broken",
        "image-empty",
        "image-too-large",
        "svg-outside",
        "svg-script",
    ]
)
_LINKS = frozenset(["link-unresolved", "ref-unresolved", "link-left-out"])
_LISTED = "chapter-missing"
_TARGET = r"\((?P<target><[^<>\n]*>|(?:[^\s()]|\([^\s()]*\))*)(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)(?:\{[^{}\n]*\})?"
_PICTURE = re.compile(r"!\[(?P<words>(?:[^\[\]\\\n]|\\.|\[[^\[\]\n]*\])*)\]" + _TARGET)
_LINK = re.compile(r"(?<!!)\[(?P<words>(?:[^\[\]\\\n]|\\.|!?\[[^\[\]\n]*\](?:\([^()\n]*\))?)*)\]" + _TARGET)
_TAG = re.compile(r"<(?P<name>img|a)\b[^<>]*?(?:src|href)\s*=\s*[\"'](?P<target>[^\"'<>]*)[\"'][^<>]*>", re.I)
_ALT = re.compile(r"\balt\s*=\s*[\"']([^\"']*)[\"']", re.I)


def mended(folder: Path) -> tuple[Diagnostic, ...]:
    """Mend the texts of a manuscript's folder. Returns a warning for each thing that was taken out, and for what is
    still wrong."""
    said: list[Diagnostic] = []
    for _ in range(_ROUNDS):
        found = _faults(folder)
        changed = False
        for file, faults in _by_file(found).items():
            changed |= _mend(folder / file, faults, said)
        if not changed:
            break
    return (*dict.fromkeys(said), *(each.lowered() for each in found if each.severity is Severity.ERROR))


def _faults(folder: Path) -> tuple[Diagnostic, ...]:
    try:
        return load(Order(folder)).diagnostics
    except PressError as fault:
        return fault.diagnostics


def _by_file(found: Iterable[Diagnostic]) -> dict[str, list[Diagnostic]]:
    by_file = defaultdict[str, list[Diagnostic]](list)
    for each in found:
        if each.span and each.span.line and each.code in _PICTURES | _LINKS | {"path-outside", _LISTED}:
            by_file[each.span.file].append(each)
    return by_file


def _mend(file: Path, faults: Iterable[Diagnostic], said: list[Diagnostic]) -> bool:
    lines = file.read_text("utf-8").split("\n")
    changed = False
    for fault in faults:
        assert fault.span
        place = fault.span.line - 1
        # A link's words may go over several lines, of which the first is named.
        for number in range(place, min(place + 3, len(lines))):
            text = _without(lines[number], fault)
            if text != lines[number]:
                lines[number], changed = text, True
                message = f"{fault.message}: its words stay, and it is taken out"
                said.append(warning(fault.code, message, fault.span))
                break
    if changed:
        file.write_text("\n".join(lines), "utf-8")
    return changed


def _without(line: str, fault: Diagnostic) -> str:
    """The line with what the fault names made plain words."""

    def plain(found: re.Match[str]) -> str:
        target = found["target"].strip("<>")
        if fault.code == _LISTED:
            # A list of chapters may have entries that are still to be written.
            return f"[{found['words']}]()" if _is_named(target, fault.message) else found[0]
        return found["words"] if _is_named(target, fault.message) else found[0]

    def bare(found: re.Match[str]) -> str:
        if not _is_named(found["target"], fault.message):
            return found[0]
        alt = _ALT.search(found[0])
        return alt[1] if alt and found["name"].lower() == "img" else ""

    if fault.code not in _LINKS:
        line = _PICTURE.sub(plain, line)
    if fault.code not in _PICTURES:
        line = _LINK.sub(plain, line)
    return _TAG.sub(bare, line)


def _is_named(target: str, message: str) -> bool:
    """Whether a message is about a target: it says it, or the path that it comes to."""
    names: Iterator[str] = iter((target, unquote(target), posixpath.normpath(unquote(target)).lstrip("./")))
    return any(name and f"{name}'" in message for name in names)
