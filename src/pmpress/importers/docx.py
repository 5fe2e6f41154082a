"""DOCX, as word processors write it → Markdown: mammoth makes HTML of it by the names of its styles."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import mammoth
from lxml import etree

from pmpress.diagnostics import Diagnostic, ManuscriptError, Span, error, note, warning
from pmpress.importers import opening
from pmpress.importers.escaping import fit
from pmpress.importers.found import About, Found
from pmpress.importers.html.dividing import divided, written
from pmpress.importers.html.inline import Setting
from pmpress.importers.html.notes import take_notes
from pmpress.importers.html.pictures import KEPT, Pictures
from pmpress.importers.html.tree import HEADINGS, drop, elements, local, name_places, parse, said_of, words_of
from pmpress.importers.words import day_in, language_of
from pmpress.manuscript import humanise
from pmpress.model import Contributor

_STYLES = """
p[style-name='Title'] => p.book-title:fresh
p[style-name='Subtitle'] => p.book-subtitle:fresh
p[style-name='Author'] => p.book-author:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p[style-name='Quotations'] => blockquote > p:fresh
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Source Code'] => pre:separator('\\n')
p[style-name='Preformatted Text'] => pre:separator('\\n')
p[style-name='Code'] => pre:separator('\\n')
p[style-name='Caption'] => p.caption:fresh
p[style-name='caption'] => p.caption:fresh
p[style-name='Image Caption'] => p.caption:fresh
r[style-name='Verbatim Char'] => code
r[style-name='HTML Code'] => code
r[style-name='Emphasis'] => em
r[style-name='Strong'] => strong
u => u
strike => del
small-caps => span.smallcaps
br[type='page'] => br
br[type='column'] => br
"""
# Styles of paragraphs that are paragraphs.
_PLAIN = re.compile(
    r"style: (?:List .*|Body .*|First Paragraph|Compact|Abstract|Date|No Spacing|Captioned Figure|Figure|"
    r"Table Contents|Text body|Standard|Default.*|\w+Tok|Hyperlink|Internet Link|"
    r"[Ff]ootnote .*|[Ee]ndnote .*|Default Paragraph Font) \("
)
_CORE = "docProps/core.xml"
_DOCUMENT = "word/document.xml"
_COMMENTS = "word/comments.xml"
_TEXTS = (_DOCUMENT, "word/footnotes.xml", "word/endnotes.xml")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
_MOST_XML = 60_000_000
_SHOWN = 60


def bring(archive: opening.Archive, stem: str) -> Found:
    """Read a DOCX. Raises ManuscriptError: `archive-broken`, `archive-unsafe`, `source-empty`, `source-too-large`."""
    name = archive.name
    _check(archive)
    pictures = Pictures(_nothing)
    setting = Setting(name, pictures, has_lines=False)
    result = _as_html(archive, pictures)
    root = parse(fit(f"<body>{result.value}</body>"))
    body = next(iter(elements(root, "body")))
    opening.held(words_of(body), name)
    if not words_of(body) and not elements(body, "img"):
        raise ManuscriptError(error("source-empty", f"there is no text in '{name}'", Span(name)))
    diagnostics = [*_said(result.messages, name), *_lost(archive, body)]
    _mark_headings(body, name, diagnostics)
    about = _with_title(_about(archive), body, name, diagnostics)
    if not about.title:
        heading = next(iter(elements(body, "h1")), None)
        title = words_of(heading) if heading is not None and len(elements(body, "h1")) == 1 else humanise(stem)
        about = replace(about, title=title)
    about = replace(about, language=about.language or language_of(words_of(body)))
    _make_figures(body)
    name_places(body, "")
    setting.notes = take_notes([body])
    texts = written(divided(body, about.title), setting)
    about = replace(about, layout="essay" if len(texts) == 1 else "")
    return Found(about, tuple(texts), pictures.files, (*diagnostics, *setting.diagnostics))


def _mark_headings(body: etree._Element, name: str, diagnostics: list[Diagnostic]) -> None:
    """In a text without headings, short lines that are wholly bold are meant as such; the first of all is the title."""
    if elements(body, *HEADINGS) or any("book-title" in said_of(each) for each in body):
        return
    for number, each in enumerate(body):
        words = words_of(each)
        is_bold = local(each) == "p" and len(each) == 1 and local(each[0]) == "strong"
        if is_bold and words_of(each[0]) == words and len(words) < _SHOWN and not re.search(r"[.,;:!…]$", words):
            each.tag = "h1" if number == 0 else "h2"
            etree.strip_tags(each, "strong")
            diagnostics.append(note("heading-guessed", f"taken as a heading, being bold: '{words}'", Span(name)))


def _make_figures(body: etree._Element) -> None:
    """A picture alone in its paragraph, and the caption below it, are a figure."""
    for caption in elements(body, "p"):
        before = caption.getprevious()
        if "caption" not in said_of(caption) or before is None or words_of(before) or len(elements(before, "img")) != 1:
            continue
        before.tag, caption.tag = "figure", "figcaption"
        before.append(caption)


def _nothing(path: str) -> bytes:
    raise LookupError("it is not in the file")


def _check(archive: opening.Archive) -> None:
    """Hold the XML inside to what is harmless: no definitions of entities, and not too much of it."""
    for entry in sorted(archive.names):
        if entry.endswith((".xml", ".rels")):
            data = archive.read(entry)
            if len(data) > _MOST_XML:
                said = f"'{entry}' in '{archive.name}' has more than {_MOST_XML // 1_000_000} MB"
                raise ManuscriptError(error("source-too-large", said, Span(archive.name), "Import it in pieces."))
            if b"<!DOCTYPE" in data or b"<!ENTITY" in data or "<!DOCTYPE".encode("utf-16-le") in data:
                said = f"'{entry}' in '{archive.name}' defines entities, as no word processor does"
                raise ManuscriptError(error("archive-unsafe", said, Span(archive.name)))


def _as_html(archive: opening.Archive, pictures: Pictures) -> Any:
    def keep(image: Any) -> dict[str, str]:
        with image.open() as file:
            data = file.read()
        kind = image.content_type.partition("/")[2].lower()
        suffix = {"jpeg": ".jpg", "svg+xml": ".svg", "x-emf": ".emf", "x-wmf": ".wmf"}.get(kind, f".{kind}")
        path = pictures.keep(f"picture-{len(pictures.files) + 1}{suffix}", data)
        return {"src": f"{KEPT}{path}"}

    try:
        return mammoth.convert_to_html(
            io.BytesIO(archive.data),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(keep),
            external_file_access=False,
        )
    except Exception as fault:
        # What mammoth does not expect it raises as whatever it comes across.
        said = f"'{archive.name}' cannot be read: {' '.join(str(fault).split())[:200] or type(fault).__name__}"
        hint = "Open it in your word processor and save it again."
        raise ManuscriptError(error("archive-broken", said, Span(archive.name), hint)) from fault


def _said(messages: list[Any], name: str) -> list[Diagnostic]:
    """What mammoth did not understand: styles it was told nothing of, which are read as plain text."""
    found = dict.fromkeys(
        str(each.message)
        for each in messages
        if not _PLAIN.search(str(each.message)) and "oMath" not in str(each.message)
    )
    return [note("docx-not-understood", message, Span(name)) for message in found]


def _lost(archive: opening.Archive, body: etree._Element) -> list[Diagnostic]:
    """Paragraphs whose words are not all in what was made of them: formulas, and what is drawn."""
    found = []
    # The signs of notes stand between words that the source has together.
    kept = _bare("".join(map(str, body.xpath(".//text()[not(ancestor::a[contains(@id, 'note-ref-')])]"))))
    for entry in _TEXTS:
        if entry not in archive.names:
            continue
        tree = etree.fromstring(archive.read(entry), _PARSER)
        for number, paragraph in enumerate(tree.iter(f"{_WORD}p"), start=1):
            formulas = ["".join(map(str, each.itertext())) for each in paragraph.iter(f"{_MATHS}oMath")]
            # What stands in a box inside a paragraph are paragraphs of their own.
            own = (each for each in paragraph.iter(f"{_WORD}t") if next(each.iterancestors(f"{_WORD}p")) is paragraph)
            words = "".join(each.text or "" for each in own)
            span = Span(archive.name)
            if formulas:
                said = f"paragraph {number} of {entry}: a formula is left out: '{' '.join(formulas)[:_SHOWN]}'"
                found.append(warning("formula-left-out", said, span, "Write it in LaTeX's notation between dollars."))
            elif _bare(words) and _bare(words)[:200] not in kept:
                said = f"paragraph {number} of {entry} may not be there as a whole: '{words[:_SHOWN]}'"
                found.append(warning("text-left-out", said, span, "Compare it with the source."))
    if _COMMENTS in archive.names:
        comments = etree.fromstring(archive.read(_COMMENTS), _PARSER).iter(f"{_WORD}comment")
        found += (
            note("comment-left-out", f"a comment is left out: '{words_of(each)[:_SHOWN]}'", Span(archive.name))
            for each in comments
        )
    return found


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text)


def _about(archive: opening.Archive) -> About:
    """What the file's properties say (ECMA-376, part 2: core properties)."""
    if _CORE not in archive.names:
        return About()
    try:
        root = etree.fromstring(archive.read(_CORE), _PARSER)
    except etree.XMLSyntaxError:
        return About()
    said = {etree.QName(each).localname: (each.text or "").strip() for each in root.iter(etree.Element)}
    people = [each.strip() for each in re.split(r"[;,]", said.get("creator", "")) if each.strip()]
    return About(
        title=said.get("title", ""),
        contributors=tuple(map(Contributor, people)),
        language=said.get("language", ""),
        date=day_in(said.get("date", "")),
        description=said.get("description", ""),
        subjects=tuple(each.strip() for each in re.split("[;,]", said.get("keywords", "")) if each.strip()),
    )


def _with_title(about: About, body: etree._Element, name: str, diagnostics: list[Diagnostic]) -> About:
    """Title, subtitle and author as the text's own styles have them, taken out of the text."""
    people: list[str] = []
    for each in elements(body, "p"):
        said = said_of(each) & {"book-title", "book-subtitle", "book-author"}
        if not said or not words_of(each):
            continue
        words = words_of(each)
        if "book-author" in said:
            people += [word.strip() for word in re.split(r"[;,]", words) if word.strip()]
        elif "book-subtitle" in said:
            about = replace(about, subtitle=words)
        elif "title-taken" not in {found.code for found in diagnostics}:
            about = replace(about, title=words)
        else:
            continue
        diagnostics.append(note("title-taken", f"taken to the title page: '{words[:_SHOWN]}'", Span(name)))
        drop(each)
    return replace(about, contributors=tuple(map(Contributor, people)) or about.contributors)
