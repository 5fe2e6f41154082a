"""What stands in a line of HTML → pieces of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from pmpress.diagnostics import Diagnostic, Span, note, warning
from pmpress.importers import escaping
from pmpress.importers.escaping import Mark, Piece, Raw
from pmpress.importers.html.notes import NOTE
from pmpress.importers.html.pictures import Pictures
from pmpress.importers.html.tree import BLOCKS, KEY, TO, local, said_of, words_of

DEEPEST = 150
_EMPHASIS = {"em": "em", "i": "em", "cite": "em", "dfn": "em", "var": "em", "strong": "strong", "b": "strong"}
_CODE = frozenset({"code", "tt", "kbd", "samp"})
# The dialect knows these as HTML, and reads Markdown in them.
_TAGS = {
    name: name
    for name in ["q", "sub", "sup", "small", "u", "ins", "mark", "del", "ruby", "rb", "rt", "rp", "bdi", "bdo"]
} | {
    "s": "del",
    "strike": "del",
}
SILENT = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "title",
        "meta",
        "link",
        "base",
        "area",
        "map",
        "param",
        "source",
        "track",
        "col",
        "colgroup",
    ]
)
_LOST = frozenset(
    [
        "iframe",
        "video",
        "audio",
        "object",
        "embed",
        "canvas",
        "applet",
        "frame",
        "frameset",
        "input",
        "select",
        "textarea",
        "button",
        "progress",
        "meter",
    ]
)
_BREAK = Raw("\\\n")
_TEX = ("application/x-tex", "application/x-latex", "text/latex")


@dataclass(slots=True)
class Setting:
    """What the writers of a source share: where links lead, which pictures there are, which notes a text refers to,
    and what is to be said. `ids` are the ids that are linked to, by the keys of their places; `links` where each key
    is in the manuscript, for the file that is being written."""

    name: str
    pictures: Pictures
    ids: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    notes: dict[str, etree._Element] = field(default_factory=dict)
    referred: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    base: str = ""
    has_lines: bool = True
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def span(self, element: etree._Element) -> Span:
        """The place of an element in its source."""
        line = element.sourceline if self.has_lines else 0
        return Span(element.getroottree().docinfo.URL or self.name, line or 0)

    def warn(self, code: str, message: str, element: etree._Element, hint: str = "") -> None:
        """Say what was not understood."""
        self.diagnostics.append(warning(code, message, self.span(element), hint))

    def remark(self, code: str, message: str, element: etree._Element) -> None:
        """Say what was done."""
        self.diagnostics.append(note(code, message, self.span(element)))


def paragraphs(pieces: Iterable[Piece]) -> list[str]:
    """The pieces as paragraphs of Markdown: a line break breaks the line, two of them part paragraphs."""
    lines: list[list[Piece]] = [[]]
    opened: list[str] = []
    for piece in pieces:
        if piece is _BREAK:
            lines[-1] += [Mark(name, is_end=True) for name in reversed(opened)]
            lines.append([Mark(name) for name in opened])
            continue
        if isinstance(piece, Mark):
            opened = opened[:-1] if piece.is_end else [*opened, piece.name]
        lines[-1].append(piece)
    written = [escaping.line(_tidy(line), is_start=True).strip() for line in lines]
    return [
        "\\\n".join(part.split("\n")) for part in re.split(r"\n\n+", "\n".join(written).strip("\n")) if part.strip()
    ]


def one_line(pieces: Iterable[Piece], *, is_start: bool = False) -> str:
    """The pieces as one line: a break is a space."""
    return escaping.line(_tidy([" " if piece is _BREAK else piece for piece in pieces]), is_start=is_start).strip()


def _tidy(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces without space at the edges of the line, the space at the edges of emphasis outside it, and without
    emphasis of nothing."""
    found: list[Piece] = []
    for each in pieces:
        piece = each
        if isinstance(piece, str):
            piece = re.sub(r"[ \t\n\r\f]+", " ", piece)
            if piece.startswith(" ") and found and isinstance(found[-1], Mark) and not found[-1].is_end:
                found.insert(len(found) - 1, " ")
                piece = piece[1:]
            if not piece:
                continue
        if isinstance(piece, Mark) and piece.is_end:
            if found and isinstance(found[-1], Mark) and not found[-1].is_end:
                found.pop()
                continue
            last = found[-1] if found else None
            if isinstance(last, str) and last.endswith(" "):
                found[-1] = last[:-1]
                if not found[-1]:
                    found.pop()
                if found and isinstance(found[-1], Mark) and not found[-1].is_end:
                    found[-1] = " "
                    continue
                found += [piece, " "]
                continue
        found.append(piece)
    if found and isinstance(found[0], str):
        found[0] = found[0].lstrip(" ")
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip(" ")
    return found


def pieces_of(element: etree._Element, setting: Setting, depth: int = 0) -> Iterator[Piece]:
    """What is in an element, its own tag left aside."""
    if depth > DEEPEST:
        yield words_of(element)
        return
    yield from escaping.with_addresses(element.text or "") if not _in_link(element) else [element.text or ""]
    for child in element:
        yield from _piece(child, setting, depth + 1)
        if child.tail:
            yield from escaping.with_addresses(child.tail) if not _in_link(element) else [child.tail]


def _in_link(element: etree._Element) -> bool:
    return local(element) == "a" or any(local(each) == "a" for each in element.iterancestors())


def _piece(element: etree._Element, setting: Setting, depth: int) -> Iterator[Piece]:
    name = local(element)
    if not name or name in SILENT:
        return
    yield from anchor(element, setting)
    if name == "br":
        yield _BREAK
    elif name == "wbr":
        return
    elif name == "img":
        yield picture(element, setting)
    elif name == "svg":
        yield from _drawing(element, setting)
    elif name == "math":
        yield from _formula(element, setting)
    elif name in _LOST:
        yield from _lost(element, setting)
    elif name in _CODE:
        yield from _code(words_of(element))
    elif name == "a":
        yield from _link(element, setting, depth)
    elif name in _EMPHASIS or _emphasis(element):
        yield from _marked(element, setting, depth)
    elif name in _TAGS:
        inside = list(pieces_of(element, setting, depth))
        if name == "sup" and len(element) == 1 and element[0].get(NOTE):
            yield from inside
        elif words_of(element) or len(element):
            yield from (Raw(f"<{_TAGS[name]}>"), *inside, Raw(f"</{_TAGS[name]}>"))
    elif name in BLOCKS:
        yield " "
        yield from pieces_of(element, setting, depth)
        yield " "
    else:
        yield from _span(element, setting, depth)


def anchor(element: etree._Element, setting: Setting) -> Iterator[Piece]:
    """A mark for a place that is linked to."""
    identifier = setting.ids.get(str(element.get(KEY) or ""))
    if identifier:
        yield Raw(f"[]{{#{identifier}}}")


def _emphasis(element: etree._Element) -> str:
    """The emphasis that an element's style gives it."""
    if local(element) not in ("span", "font"):
        return ""
    style = re.sub(r"\s+", "", element.get("style") or "").lower()
    if re.search(r"font-weight:(?:bold|[6-9]00)", style):
        return "strong"
    return "em" if re.search(r"font-style:(?:italic|oblique)", style) else ""


def _marked(element: etree._Element, setting: Setting, depth: int) -> Iterator[Piece]:
    name = _EMPHASIS.get(local(element)) or _emphasis(element)
    inside = list(pieces_of(element, setting, depth))
    if not any(isinstance(piece, Raw) or (isinstance(piece, str) and piece.strip()) for piece in inside):
        yield from (piece for piece in inside if isinstance(piece, str))
    elif any(local(each) in _EMPHASIS and _EMPHASIS[local(each)] == name for each in element.iterancestors()):
        yield from inside
    else:
        yield from (Mark(name), *inside, Mark(name, is_end=True))


def _span(element: etree._Element, setting: Setting, depth: int) -> Iterator[Piece]:
    inside = list(pieces_of(element, setting, depth))
    said = []
    if "smallcaps" in said_of(element) or "small-caps" in re.sub(r"\s", "", element.get("style") or ""):
        said.append(".smallcaps")
    language = element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", language):
        said.append(f"lang={language}")
    if element.get("dir") in ("ltr", "rtl"):
        said.append(f"dir={element.get('dir')}")
    if said and words_of(element):
        yield from (Raw("["), *_bracketed(inside), Raw(f"]{{{' '.join(said)}}}"))
    else:
        yield from inside


def _bracketed(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Pieces that stand in brackets: a closing one among their words is not theirs."""
    for piece in pieces:
        if isinstance(piece, str):
            for part in re.split(r"(\])", piece):
                yield Raw("\\]") if part == "]" else part
        else:
            yield piece


def _code(text: str) -> Iterator[Piece]:
    if not text:
        return
    longest = max((len(each) for each in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    inside = re.sub(r"\{\{(?=[ \t]*#include\b)", r"\\{{", escaping.fit(text))
    yield Raw(f"{fence}{space}{inside}{space}{fence}")


def _link(element: etree._Element, setting: Setting, depth: int) -> Iterator[Piece]:
    if number := element.get(NOTE):
        setting.referred.append(str(number))
        yield Raw(f"[^{number}]")
        return
    inside = list(pieces_of(element, setting, depth))
    href = (element.get("href") or "").strip()
    if not href or not words_of(element):
        yield from inside
        return
    if element.get(TO):
        target = setting.links.get(str(element.get(TO)))
        if target is None and setting.base:
            target = f"{setting.base}{href}" if href.startswith(("/", "#")) else ""
        if not target:
            setting.remark(
                "link-left-out", f"the link '{href}' leads to nothing that was imported: its words stay", element
            )
            yield from inside
            return
    elif re.match(r"(?:https?|mailto):\S|//", href, re.I):
        target = href if not href.startswith("//") else f"https:{href}"
    else:
        setting.remark("link-left-out", f"the link '{href[:60]}' is left out: its words stay", element)
        yield from inside
        return
    target = re.sub(r"[<>\s]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), target)
    if words_of(element) == target and re.match("https?:", target):
        yield Raw(f"<{target}>")
        return
    target = target if re.fullmatch(r"[\w:/#.?=&%+@,;~-]+", target, re.ASCII) else f"<{target}>"
    yield from (Raw("["), *_bracketed(inside), Raw(f"]({target})"))


def picture(element: etree._Element, setting: Setting) -> Piece:
    """A picture, or the words that stand for one that was not there."""
    source = (element.get("src") or element.get("data-src") or "").strip()
    alt, title = (" ".join((element.get(key) or "").split()) for key in ("alt", "title"))
    path = setting.pictures.bring(source)
    if path is None:
        said = f"the picture '{source[:60]}' is left out: {setting.pictures.fault}"
        setting.warn("picture-left-out", said, element, "Nothing is fetched: save it beside the text, and put it in.")
        return alt
    described = escaping.line([alt]).replace("]", "\\]")
    caption = ' "{}"'.format(title.replace('"', "\u201d")) if title and title != alt else ""
    decorative = "{.decorative}" if element.get("alt") == "" or "presentation" in said_of(element) else ""
    return Raw(f"![{described}]({path}{caption}){decorative}")


def _drawing(element: etree._Element, setting: Setting) -> Iterator[Piece]:
    title = next((words_of(each) for each in element.iter(etree.Element) if local(each) == "title"), "")
    said = " ".join((element.get("aria-label") or title).split())
    image = next((each for each in element.iter(etree.Element) if local(each) == "image"), None)
    href = image is not None and (image.get("href") or image.get("{http://www.w3.org/1999/xlink}href"))
    if href and sum(1 for _ in element.iter(etree.Element)) <= 4:
        # A page of a cover: nothing but one picture.
        path = setting.pictures.bring(str(href))
    else:
        path = setting.pictures.drawn(element)
    if path:
        yield Raw(f"![{escaping.line([said]).replace(']', chr(92) + ']')}]({path})" + ("" if said else "{.decorative}"))
    else:
        setting.warn("picture-left-out", f"a drawing is left out: {said or 'it has no words'}", element)


def _formula(element: etree._Element, setting: Setting) -> Iterator[Piece]:
    tex = next(
        (
            words_of(each)
            for each in element.iter(etree.Element)
            if local(each) == "annotation" and each.get("encoding") in _TEX
        ),
        "",
    )
    tex = tex or (element.get("alttext") or "").strip()
    tex = re.sub(r"^\{\\displaystyle\s*(.*)\}$", r"\1", tex).strip()
    if tex:
        sign = "$$" if element.get("display") == "block" else "$"
        yield Raw(f"{sign}{tex}{sign}")
        return
    words = words_of(element)
    setting.warn(
        "formula-as-text",
        f"a formula is only words now: '{words[:60]}'",
        element,
        "Write it in LaTeX's notation between dollars.",
    )
    yield words


def _lost(element: etree._Element, setting: Setting) -> Iterator[Piece]:
    name = local(element)
    if name == "input":
        if element.get("type") == "checkbox":
            yield Raw("[x] " if element.get("checked") is not None else "[ ] ")
        return
    source = element.get("src") or element.get("data") or ""
    setting.warn(
        "element-left-out",
        f"<{name}> is left out, a book cannot show it{f': {source[:80]}' if source else ''}",
        element,
    )
    yield f" {words_of(element)} " if name not in ("select", "textarea") else ""
