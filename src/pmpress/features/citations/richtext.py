"""Text with a little mark-up in it, as one `str`: what titles and styled entries are between reading and XHTML.

Mark-up is noncharacters of Unicode, which no text may hold for itself, so that everything else is text and is escaped
whatever it is: a title with `<b>` or `&amp;` in it comes out with just that.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

ITALIC, BOLD, RAISED, LOWERED, SMALL_CAPS, UNDERLINE = "\ufdd4\ufdd5\ufdd6\ufdd7\ufdd8\ufdd9"
END = "\ufdda"  # of whichever of these was begun last
NO_CASE, NO_CASE_END = "\ufddb", "\ufddc"  # capitals in between stay what they are
NAMES, NAMES_END = "\ufddd", "\ufdde"  # who wrote the work, in a citation
LABEL, LABEL_END = "\ufddf", "\ufde0"  # a work's number, in its entry
YEAR, SUFFIX = "\ufde1", "\ufde2"  # behind a year; where a style wants the letter that tells years apart
OTHERS = "\ufde3"  # the last of some names: "and others"
LINK, LINK_TO = "\ufde4", "\ufde5"  # a link, ended by END; in between the number of its address
SPOKEN, SPOKEN_IN = "\ufde6", "\ufde7"  # words of another language, ended by END; in between its tag
MARKS = f"(?:[{ITALIC}-{OTHERS}]|{LINK}[0-9]+{LINK_TO}|{SPOKEN}[A-Za-z0-9-]+{SPOKEN_IN})"

_TAGS = {LINK: "a", ITALIC: "i", BOLD: "b", RAISED: "sup", LOWERED: "sub", UNDERLINE: "u"}
_TAGS |= dict.fromkeys((SMALL_CAPS, SPOKEN), "span")
_BEGIN = {ITALIC: "<i>", BOLD: "<b>", RAISED: "<sup>", LOWERED: "<sub>", UNDERLINE: "<u>"}
_BEGIN[SMALL_CAPS] = '<span class="smallcaps">'
_MARK = re.compile(f"[{''.join(_BEGIN)}{END}]|{LINK}([0-9]+){LINK_TO}|{SPOKEN}([A-Za-z0-9-]+){SPOKEN_IN}")
_ALL = re.compile(f"{LINK}[0-9]+{LINK_TO}|{SPOKEN}[A-Za-z0-9-]+{SPOKEN_IN}|[\ufdd0-\ufdef]")
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
# What CSL-JSON knows: https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html
_CSL_TAG = re.compile(
    r"""<(?:(i|b|sup|sub|sc)|span\s+style=["']font-variant:\s*(small-caps);?["']|span\s+class=["'](nocase)["']|/(i|b|sup|sub|sc|span))>"""
)
_CSL = {
    "i": ITALIC,
    "b": BOLD,
    "sup": RAISED,
    "sub": LOWERED,
    "sc": SMALL_CAPS,
    "small-caps": SMALL_CAPS,
    "nocase": NO_CASE,
}


def plain(text: str) -> str:
    """The text without its mark-up."""
    return _ALL.sub("", text)


def clean(text: str) -> str:
    """Text from outside: no mark of ours, no character that XML may not have, white space folded."""
    return re.sub(r"[ \t\r\n]+", " ", _NOT_IN_XML.sub("", text)).strip()


def from_csl(text: str) -> str:
    """The text of a field of CSL-JSON, whose own few tags become mark-up where they are in pairs."""
    text = clean(text)
    tags = list(_CSL_TAG.finditer(text))
    replaced: dict[int, str] = {}
    opened: list[tuple[int, str]] = []
    for place, tag in enumerate(tags):
        if begun := tag[1] or tag[2] or tag[3]:
            opened.append((place, begun))
        elif opened and tag[4] == ("span" if opened[-1][1] in ("small-caps", "nocase") else opened[-1][1]):
            at, begun = opened.pop()
            replaced[at], replaced[place] = _CSL[begun], NO_CASE_END if begun == "nocase" else END
    pieces, done = [], 0
    for place, tag in enumerate(tags):
        if place in replaced:
            pieces += [text[done : tag.start()], replaced[place]]
            done = tag.end()
    return "".join([*pieces, text[done:]])


def to_xhtml(text: str, links: Sequence[Mapping[str, str]] = ()) -> str:
    """The text as an inner fragment; what is begun is ended, and the other way about. `links` are the attributes of
    the links in it, by number."""
    pieces: list[str] = []
    opened: list[str] = []
    done = 0
    for mark in _MARK.finditer(text):
        pieces.append(html.escape(plain(text[done : mark.start()]), quote=False))
        done = mark.end()
        if mark[0] != END:
            opened.append(mark[0][0])
            pieces.append(_BEGIN.get(mark[0]) or (_spoken(mark[2]) if mark[2] else _link(links[int(mark[1])])))
        elif opened:
            pieces.append(f"</{_TAGS[opened.pop()]}>")
    pieces.append(html.escape(plain(text[done:]), quote=False))
    return "".join(pieces + [f"</{_TAGS[mark]}>" for mark in reversed(opened)])


def _spoken(language: str) -> str:
    return f'<span lang="{language}">'


def _link(attributes: Mapping[str, str]) -> str:
    return "<a " + " ".join(f'{name}="{html.escape(value)}"' for name, value in attributes.items()) + ">"
