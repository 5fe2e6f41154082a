"""Extensions of Python-Markdown that a book may add: only such as read no file, run nothing, and leave blocks alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markdown import Markdown
from markdown.extensions import Extension
from pymdownx.caret import InsertSupExtension
from pymdownx.keys import KeysExtension
from pymdownx.smartsymbols import SmartSymbolsExtension


class _Symbols(SmartSymbolsExtension):  # type: ignore[misc]
    """Symbols are set while every element still has a name: before `tree.Shape`."""

    def extendMarkdown(self, md: Markdown) -> None:
        super().extendMarkdown(md)
        processor = md.treeprocessors["smart-symbols"]
        md.treeprocessors.deregister("smart-symbols")
        md.treeprocessors.register(processor, "smart-symbols", 19)


_MAKERS: Mapping[str, Callable[..., Extension]] = {
    "pymdownx.caret": InsertSupExtension,
    "pymdownx.keys": KeysExtension,
    "pymdownx.smartsymbols": _Symbols,
}
_FIXED: Mapping[str, Mapping[str, bool]] = {"pymdownx.caret": {"superscript": False}}  # the dialect has its own


def make(name: str, options: Mapping[str, bool | str]) -> Extension:
    """The extension of this name, one of `OPTIONS`, with its options set."""
    return _MAKERS[name](**options, **_FIXED.get(name, {}))
