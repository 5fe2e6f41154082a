"""What raw HTML may bring into a book: which elements, which attributes, and what stands in for obsolete ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLOCKS = _names(
    "article aside blockquote caption colgroup dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre"
    " section summary table tbody td tfoot th thead tr ul"
)
PHRASES = _names(
    "a abbr b bdi bdo br cite code col del dfn em i img ins kbd mark q rb rp rt ruby s samp small span strong sub sup"
    " u var wbr"
)
KEPT = BLOCKS | PHRASES

# Obsolete, or with rules of their own that a part of a book cannot keep: a plain element, and a class to style it by.
REPLACED = {
    "acronym": ("abbr", ""),
    "address": ("div", "address"),
    "big": ("span", "big"),
    "center": ("div", "align-center"),
    "data": ("span", ""),
    "dir": ("ul", ""),
    "font": ("span", ""),
    "footer": ("div", "footer"),
    "header": ("div", "header"),
    "hgroup": ("div", "hgroup"),
    "label": ("span", ""),
    "listing": ("pre", ""),
    "main": ("div", "main"),
    "menu": ("ul", ""),
    "nav": ("div", "nav"),
    "nobr": ("span", "nobr"),
    "search": ("div", "search"),
    "strike": ("del", ""),
    "time": ("span", ""),
    "tt": ("code", ""),
    "xmp": ("pre", ""),
}
REMOVED = _names(
    "applet area audio base basefont bgsound blink body button canvas datalist dialog embed fieldset form frame"
    " frameset head html iframe input isindex keygen legend link map marquee meta meter noembed noframes noscript"
    " object optgroup option output param picture plaintext portal progress rtc select slot source textarea track"
    " video"
)
WITHOUT_CONTENT = frozenset({"script", "style", "template", "title"})  # what is in them is no text
UNSUPPORTED = frozenset({"svg", "math"})
VOID = _names("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr")

# An element whose end may be left out, and what its beginning ends.
_CELLS = frozenset({"td", "th", "p"})
_GROUPS = _CELLS | {"thead", "tbody", "tfoot", "tr", "caption", "colgroup"}
ENDS: Mapping[str, frozenset[str]] = {
    "li": frozenset({"li", "p"}),
    "dt": frozenset({"dt", "dd", "p"}),
    "dd": frozenset({"dt", "dd", "p"}),
    "td": _CELLS,
    "th": _CELLS,
    "tr": _CELLS | {"tr"},
    **dict.fromkeys(("thead", "tbody", "tfoot"), _GROUPS),
    **dict.fromkeys(("rt", "rp", "rb"), frozenset({"rt", "rp", "rb"})),
    **dict.fromkeys(
        _names(
            "address article aside blockquote center details dir div dl fieldset figcaption figure footer form h1 h2 h3"
            " h4 h5 h6 header hgroup hr main menu nav ol p pre section table ul"
        ),
        frozenset({"p"}),
    ),
}
END_OPTIONAL = frozenset().union(*ENDS.values())

_ALIGNMENTS = frozenset({"left", "center", "right"})
# Only looks, or only for browsers: nobody misses them.
_DROPPED = _names(
    "axis border cellpadding cellspacing char charoff cite clear compact crossorigin datetime decoding download face"
    " fetchpriority frame headers hreflang hspace loading markdown noshade nowrap rel rules size sizes summary"
    " target type valign vspace width height xml:space xmlns"
)


def _matching(pattern: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern)
    return lambda value: value.strip() if compiled.fullmatch(value.strip()) else None


def _length(value: str) -> str | None:
    m = re.fullmatch(r"\s*0*([1-9][0-9]{0,4})(?:px)?\s*", value)
    return m[1] if m else None


def _as_is(value: str) -> str | None:
    return value


_INTEGER = _matching("-?[0-9]{1,6}")
_COUNT = _matching("[1-9][0-9]{0,2}")
_LINE_NUMBER = _matching("[0-9]{1,6}")
_GLOBAL: Mapping[str, Callable[[str], str | None]] = {
    "class": lambda value: " ".join(value.split()) or None,
    "dir": _matching("ltr|rtl|auto"),
    "id": lambda value: value.strip() or None,
    "lang": _matching("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"),
    "title": _as_is,
}
# A word marked for index or glossary: its classes, and what else is said of it, with the attribute in which that waits.
_MARKED = frozenset({"index", "term"})
OF_MARKED: Mapping[str, str] = {name: f"data-{name}" for name in ("entry", "see", "see-also", "sort", "range")}
_OWN: Mapping[str, Mapping[str, Callable[[str], str | None]]] = {
    "a": {"href": _as_is},
    "col": {"span": _COUNT},
    "colgroup": {"span": _COUNT},
    "details": {"open": lambda _: ""},
    "div": {"data-short": _as_is, "data-credit": _as_is},
    "img": {
        "src": lambda value: value.strip() or None,
        "alt": _as_is,
        "width": _length,
        "height": _length,
        "data-short": _as_is,
        "data-credit": _as_is,
    },
    "li": {"value": _INTEGER},
    "ol": {"reversed": lambda _: "", "start": _INTEGER, "type": _matching("[1aAiI]")},
    "pre": {"data-start": _LINE_NUMBER, "data-short": _as_is},
    "table": {"data-short": _as_is},
    "span": {**dict.fromkeys(OF_MARKED.values(), _as_is), "data-range": _matching("begin|end")},
    "td": {"colspan": _COUNT, "rowspan": _COUNT},
    "th": {"colspan": _COUNT, "rowspan": _COUNT, "scope": _matching("row|col|rowgroup|colgroup")},
}
# For the sanitiser: the same, and what the dialect itself writes.
ATTRIBUTES: dict[str, set[str]] = {
    "*": {*_GLOBAL, "data-src", "data-note", "data-cite", "data-variable"},
    **{name: set(own) for name, own in _OWN.items()},
}


@dataclass(frozen=True, slots=True)
class Start:
    """A start tag as it goes on: the element's new name, its attributes, and the names of those it has lost."""

    name: str
    attributes: dict[str, str]
    lost: tuple[str, ...]


def start(name: str, attributes: Mapping[str, str]) -> Start:
    """What a start tag becomes; `name` is one of `KEPT` or `REPLACED`. Addresses are not judged here."""
    new, added = REPLACED.get(name, (name, ""))
    checks = {**_GLOBAL, **_OWN.get(new, {})}
    kept: dict[str, str] = {}
    lost: list[str] = []
    classes = [added] if added else []
    if new == "img" and attributes.get("alt") == "":
        classes.append("decorative")  # it says itself that it shows nothing (HTML, section 4.8.4.4.4)
    for attribute, value in attributes.items():
        if attribute == "align" and value.lower() in _ALIGNMENTS:
            classes.append(f"align-{value.lower()}")
        elif attribute == "name" and new == "a" and value.strip():
            kept.setdefault("id", value.strip())
        elif attribute == "xml:lang" and (checked := checks["lang"](value)):
            kept.setdefault("lang", checked)
        else:
            checked = checks[attribute](value) if attribute in checks else None
            if checked is not None:
                kept[attribute] = checked
            elif attribute in checks or attribute not in _DROPPED:
                lost.append(attribute)
    if classes:
        kept["class"] = " ".join([*classes, *kept.get("class", "").split()])
    return Start("span" if new == "bdo" and "dir" not in kept else new, kept, tuple(lost))


def is_marked(classes: str) -> bool:
    """Whether something of these classes is meant for index or glossary: there is more to it than what it shows."""
    return not _MARKED.isdisjoint(classes.split())


def is_known(name: str) -> bool:
    """Whether HTML has, or once had, an element of this name."""
    return name in KEPT or name in REPLACED or name in REMOVED or name in WITHOUT_CONTENT or name in UNSUPPORTED
