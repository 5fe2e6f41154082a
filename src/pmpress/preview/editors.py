"""Editors that open a file at a line when a link asks for it. The page runs no command: it only has such links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import PurePath

from pmpress.diagnostics import UsageError, error

EDITORS = {
    "vscode": "vscode://file{path}:{line}",
    "vscodium": "vscodium://file{path}:{line}",
    "cursor": "cursor://file{path}:{line}",
    "zed": "zed://file{path}:{line}",
    "idea": "idea://open?file={path}&line={line}",
    "pycharm": "pycharm://open?file={path}&line={line}",
    "sublime": "subl://open?url=file://{path}&line={line}",
    "textmate": "txmt://open?url=file://{path}&line={line}",
    "bbedit": "x-bbedit://open?url=file://{path}&line={line}",
    "macvim": "mvim://open?url=file://{path}&line={line}",
}
"""The addresses by which editors are asked for a place; `{path}` begins with `/` and is percent-encoded."""

_COMMANDS = {
    "code": "vscode", "codium": "vscodium", "subl": "sublime", "mate": "textmate", "charm": "pycharm", "mvim": "macvim",
}  # fmt: skip
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_OF_BROWSERS = frozenset({"about", "blob", "data", "file", "ftp", "http", "https", "javascript", "ws", "wss"})


def address_of(editor: str, environment: Mapping[str, str]) -> str:
    """The address of an editor, by its name or as it is if it is one with `{path}` in it; of none named, of the one in
    VISUAL or EDITOR; empty if nobody says. Raises UsageError (`editor-unknown`)."""
    if not editor:
        return _of_environment(environment)
    if editor in EDITORS:
        return EDITORS[editor]
    scheme = _SCHEME.match(editor)
    if scheme and scheme[1].lower() not in _OF_BROWSERS and "{path}" in editor:
        return editor
    hint = f"Known: {', '.join(EDITORS)}; or an address of the editor's own, such as vscode://file{{path}}:{{line}}"
    raise UsageError(error("editor-unknown", f"no editor is known by '{editor}'", hint=hint))


def _of_environment(environment: Mapping[str, str]) -> str:
    for variable in ("VISUAL", "EDITOR"):
        try:
            command = shlex.split(environment.get(variable, ""))[:1]
        except ValueError:  # quotes that do not end
            continue
        name = PurePath(command[0]).stem if command else ""
        if address := EDITORS.get(_COMMANDS.get(name, name)):
            return address
    return ""
