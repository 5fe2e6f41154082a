"""The page about Markdown keeps its word: each example on it is read, and gives the result beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from pmpress import xhtml
from pmpress.dialect import parse

PAGE = Path(__file__).parent.parent / "docs" / "markdown.md"
EXAMPLE = re.compile(
    r"^(?P<fence>`{3,})markdown\n(?P<text>.*?)^(?P=fence)\n\n?^(?P<other>`{3,})html\n(?P<result>.*?)^(?P=other)$",
    re.MULTILINE | re.DOTALL,
)
EXAMPLES = list(EXAMPLE.finditer(PAGE.read_text(encoding="utf-8")))


def plain(fragment: str) -> str:
    """Without lines, and without what stands between blocks; attributes in order."""
    body = xhtml.parse(fragment)
    for element in body.iter(etree.Element):
        element.attrib.pop(xhtml.SPAN, None)
    return re.sub(r">\s+<", "><", etree.tostring(body, method="c14n").decode()).strip()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["text"].split("\n")[0][:30])
def test_example(example: re.Match[str]) -> None:
    assert plain(parse(example["text"], "text.md").xhtml) == plain(example["result"])


def test_every_example_has_its_result() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(EXAMPLES) == len(re.findall(r"^`{3,}markdown$", page, re.MULTILINE)) >= 10
