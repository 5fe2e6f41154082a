"""The dialect as an extension of Python-Markdown: which of its parts are replaced, and by what."""

from __future__ import annotations

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import DelimiterProcessor

from pmpress.dialect.blocks.parser import Blocks
from pmpress.dialect.inline.atoms import Atoms
from pmpress.dialect.inline.attributes import Apply, BracketedSpans, Lists
from pmpress.dialect.inline.bare import BareAddresses
from pmpress.dialect.inline.brackets import Brackets
from pmpress.dialect.inline.citations import Keys
from pmpress.dialect.inline.emphasis import emphasise
from pmpress.dialect.inline.inlinenotes import InlineNotes, Lift
from pmpress.dialect.inline.links import Addresses
from pmpress.dialect.inline.mail import BareMail
from pmpress.dialect.inline.scripts import Script
from pmpress.dialect.reading import Reading
from pmpress.dialect.spans import SourceLines
from pmpress.dialect.tree import Shape

_REPLACED_PATTERNS = (
    "backtick", "escape", "reference", "link", "image_link", "image_reference", "short_reference", "short_image_ref",
    "autolink", "automail", "linebreak", "html", "entity",
)  # fmt: skip


class Dialect(Extension):
    """CommonMark's blocks and links, GitHub's tables, notes, and source lines, for one text.

    The text comes out with raw HTML still in Python-Markdown's stash: `html` puts it in.
    """

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._reading = reading

    def extendMarkdown(self, md: Markdown) -> None:
        """See the base class."""
        md.parser = Blocks(md, self._reading)
        for name in ("normalize_whitespace", "html_block"):
            md.preprocessors.deregister(name)
        for name in _REPLACED_PATTERNS:
            md.inlinePatterns.deregister(name)
        md.inlinePatterns.register(Atoms(md), "atoms", 190)
        md.inlinePatterns.register(Lists(md), "attribute_lists", 180)
        md.inlinePatterns.register(InlineNotes(md), "inline_notes", 175)
        md.inlinePatterns.register(BracketedSpans(md), "bracketed_spans", 170)
        md.inlinePatterns.register(Brackets(md), "brackets", 160)
        md.inlinePatterns.register(BareAddresses(md), "bare_addresses", 120)
        md.inlinePatterns.register(BareMail(md), "bare_mail", 118)
        md.inlinePatterns.register(Keys(md), "citations", 117)
        md.inlinePatterns.register(Script(md, "^", "sup"), "sup", 115)
        md.inlinePatterns.register(Script(md, "~", "sub"), "sub", 110)
        delimiters = md.inlinePatterns["em_strong"]
        assert isinstance(delimiters, DelimiterProcessor)
        emphasise(delimiters)
        md.treeprocessors.deregister("prettify")  # it would put line breaks where the author has none
        md.treeprocessors.register(SourceLines(md, self._reading), "source_lines", 18)
        md.treeprocessors.register(Apply(md, self._reading), "attributes", 17)
        md.treeprocessors.register(Addresses(md, self._reading), "addresses", 16)
        md.treeprocessors.register(Lift(md), "lift_notes", 15)
        md.treeprocessors.register(Shape(md), "shape", 14)
        md.postprocessors.deregister("raw_html")
