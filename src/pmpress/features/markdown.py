"""What a book adds to its Markdown: extensions of Python-Markdown, from a short list, with the options they may have.

An extension is code, and some of them read files; so none is looked up by the name in `book.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pmpress.config import Key, Reader, Table, shaped, texts
from pmpress.dialect import OPTIONS, Addition

REFUSED = "markdown-extension-refused"


def additions(table: Mapping[str, Any]) -> tuple[Addition, ...]:
    """The extensions that `[markdown]` names, each with its options."""
    return tuple((name, table[name]) for name in dict.fromkeys(table["extensions"]))


@shaped({"type": "array", "items": {"enum": list(OPTIONS)}, "title": "a list of names"})
def _extensions(value: Any) -> tuple[str, ...]:
    names = texts(value)
    if not set(names) <= set(OPTIONS):
        allowed = ", ".join(OPTIONS)
        raise ValueError(f"names out of {allowed}: others read files, run code or change how blocks are read")
    return names


def _options(name: str) -> Reader[tuple[tuple[str, bool | str], ...]]:
    known = OPTIONS[name]
    types = {key: {"type": "boolean" if kind is bool else "string"} for key, kind in known.items()}
    title = f"a table of {', '.join(f'`{key}`' for key in known)}"

    @shaped({"type": "object", "properties": types, "additionalProperties": False, "title": title})
    def read(value: Any) -> tuple[tuple[str, bool | str], ...]:
        if not isinstance(value, dict) or any(type(said) is not known.get(key) for key, said in value.items()):
            wanted = ", ".join(f"{key} = {'true or false' if kind is bool else 'text'}" for key, kind in known.items())
            raise ValueError(f"a table of {wanted}")
        return tuple(sorted(value.items()))

    return read


TABLE = Table(
    "markdown",
    (
        Key("extensions", _extensions, "Extensions of Python-Markdown to add.", (), code=REFUSED),
        *(Key(name, _options(name), f"Options of {name}.", (), code=REFUSED) for name in OPTIONS),
    ),
)
