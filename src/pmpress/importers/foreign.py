"""What mdBook and GitBook have besides Markdown, line by line: the dialect's own words for it, the rest named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pmpress.diagnostics import Diagnostic, Span, note, warning

_FENCE = re.compile(r"\s*(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)$")
_TAG = re.compile(r"\{%-?\s*(?P<name>[\w-]+)(?P<rest>[^%}]*?)-?%\}")
_VALUE = re.compile(r"(\w+)\s*=\s*\"([^\"]*)\"")
_HELPER = re.compile(r"(?<!\\)\{\{\s*#(?P<name>\w+)\s*(?P<what>[^{}]*?)\s*\}\}")
_HIDDEN = re.compile(r"\s*#(?:\s.*|$)")
_HINTS = {
    "info": "NOTE",
    "tip": "TIP",
    "success": "TIP",
    "warning": "WARNING",
    "danger": "CAUTION",
    "note": "NOTE",
    "working": "NOTE",
}
_INCLUDES = frozenset({"include", "rustdoc_include", "playground", "playpen"})
_SILENT = frozenset(
    [
        "endcode",
        "endtab",
        "endtabs",
        "tabs",
        "raw",
        "endraw",
        "endcontent-ref",
        "content-ref",
        "endembed",
        "endfile",
        "columns",
        "endcolumns",
        "column",
        "endcolumn",
        "stepper",
        "endstepper",
        "step",
        "endstep",
    ]
)


@dataclass(slots=True)
class Reading:
    """The state of going through a file. `include` takes what an include names and returns what to write for it."""

    name: str
    include: Callable[[str, Span], str]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    fence: str = ""
    is_rust: bool = False
    in_hint: bool = False
    title: str = ""

    def say(self, code: str, message: str, line: int, *, is_lost: bool = False) -> None:
        """Say something of this kind once a file."""
        if message not in self.said:
            self.said.add(message)
            self.diagnostics.append((warning if is_lost else note)(code, message, Span(self.name, line)))


def as_dialect(text: str, at: Reading) -> str:
    """The text of a file as the dialect has it."""
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        for written in _line(line, number, at):
            lines.append(f"> {written}".rstrip() if at.in_hint and not written.startswith("> [!") else written)
    return "\n".join(lines)


def _line(line: str, number: int, at: Reading) -> Iterator[str]:
    found = _FENCE.match(line)
    if at.fence:
        if found and found["fence"].startswith(at.fence) and not found["info"].strip():
            at.fence = ""
        elif at.is_rust and _HIDDEN.match(line):
            at.say("mdbook-hidden-lines", "lines that mdBook hides in Rust's code are left out", number)
            return
        yield _HELPER.sub(lambda helper: _included(helper, number, at), line)
        return
    if found:
        at.fence, info = found["fence"], found["info"].strip()
        at.is_rust = bool(re.match(r"rust\b", info))
        if info.startswith("admonish"):
            at.say(
                "mdbook-not-understood",
                "a box of the preprocessor mdbook-admonish is a block of code here",
                number,
                is_lost=True,
            )
        if at.title:
            line, at.title = f'{line} title="{at.title}"', ""
        yield line
        return
    line = _HELPER.sub(lambda helper: _helped(helper, number, at), line)
    if "{%" in line and _TAG.search(line):
        before = line
        line = _TAG.sub(lambda tag: _tagged(tag, number, at), line)
        if not line.strip() and before.strip():
            yield ""
            return
    yield line


def _included(helper: re.Match[str], number: int, at: Reading) -> str:
    if helper["name"] in _INCLUDES:
        return at.include(helper["what"], Span(at.name, number))
    return helper[0]


def _helped(helper: re.Match[str], number: int, at: Reading) -> str:
    name = helper["name"]
    if name in _INCLUDES:
        if name != "include":
            at.say("mdbook-include", f"{{{{#{name}}}}} is taken as {{{{#include}}}}", number)
        written = at.include(helper["what"], Span(at.name, number))
        return f"```rust\n{written}\n```" if name.startswith("play") else written
    if name in ("title", "author"):
        at.say("mdbook-not-understood", f"{{{{#{name}}}}} is left out: it is for pages of the web", number)
        return ""
    at.say("mdbook-not-understood", f"{{{{#{name}}}}} is unknown here, and stays as text", number, is_lost=True)
    return f"\\{helper[0]}"


def _tagged(tag: re.Match[str], number: int, at: Reading) -> str:
    name, said = str(tag["name"]), dict[str, str](_VALUE.findall(tag["rest"]))
    if name == "hint":
        at.in_hint = True
        style = said.get("style") or said.get("type") or "info"
        return f"> [!{_HINTS.get(style, 'NOTE')}]"
    if name == "endhint":
        at.in_hint = False
        return ""
    if name == "code":
        at.title = said.get("title", "").replace('"', "")
        return ""
    if name == "tab":
        at.say("gitbook-tabs", "tabs stand one below another", number)
        return f"**{said.get('title', '')}**" if said.get("title") else ""
    if name in ("embed", "file", "page-ref") and (target := said.get("url") or said.get("src") or said.get("page")):
        return f"<{target}>" if re.match("https?:", target) else f"[{target}](<{target}>)"
    if name in _SILENT:
        return ""
    at.say("gitbook-not-understood", f"{{% {name} %}} is unknown here, and stays as text", number, is_lost=True)
    return tag[0]
