"""LaTeX as it stands in bibliographies → text (`richtext`): accents, letters, quotes, dashes, a little mark-up.

What is in braces keeps its capitals, whatever a style does to titles. A command that is not known is left out, and
what it is about stays.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from pmpress.features.citations import richtext

_TOKEN = re.compile(r"\\[A-Za-z]+\*?[ \t\n]*|\\.|[{}$^_~]|---?|``|''|[?!]`|[`'\"]|[^\\{}$^_~\-`'\"?!]+|.", re.DOTALL)
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_STYLES = {
    **dict.fromkeys(("emph", "textit", "textsl", "mkbibemph", "mathit"), richtext.ITALIC),
    **dict.fromkeys(("textbf", "mkbibbold", "mathbf"), richtext.BOLD),
    "textsc": richtext.SMALL_CAPS,
    "textsuperscript": richtext.RAISED,
    "textsubscript": richtext.LOWERED,
}
_SWITCHES = {
    **dict.fromkeys(("it", "itshape", "em", "sl", "slshape"), richtext.ITALIC),
    **dict.fromkeys(("bf", "bfseries"), richtext.BOLD),
    **dict.fromkeys(("sc", "scshape"), richtext.SMALL_CAPS),
}
_SYMBOLS = {
    "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "ss": "ß", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "ng": "ŋ", "NG": "Ŋ", "dj": "đ",
    "DJ": "Đ", "S": "§", "P": "¶", "copyright": "©", "textcopyright": "©", "pounds": "£", "textsterling": "£",
    "euro": "€", "texteuro": "€", "dag": "†", "ddag": "‡", "dots": "…", "ldots": "…", "textellipsis": "…",
    "textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“",
    "textquotedblright": "”", "guillemotleft": "«", "guillemotright": "»", "glqq": "„", "grqq": "“", "flqq": "«",
    "frqq": "»", "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_",
    "textbar": "|", "textless": "<", "textgreater": ">", "textdollar": "$", "textdegree": "°", "degree": "°",
    "times": "×", "cdot": "·", "pm": "±", "infty": "∞", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "neq": "≠",
    "approx": "≈", "sim": "∼", "to": "→", "rightarrow": "→", "TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX",
    "slash": "/", "textregistered": "®", "texttrademark": "™", "newline": " ", "quad": " ", "space": " ",
    ",": "\u202f", ";": "\u202f", ":": "\u202f", " ": " ", "\n": " ", "\t": " ", "\\": " ", "-": "", "/": "", "!": "",
    "@": "", "ensuremath": "", "relax": "",
}  # fmt: skip
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi "
    "psi omega"
)
for _name in _GREEK.split():
    _known = {"lambda": "LAMDA"}.get(_name, _name.upper())
    _SYMBOLS[_name] = unicodedata.lookup(f"GREEK SMALL LETTER {_known}")
    _SYMBOLS[_name.title()] = unicodedata.lookup(f"GREEK CAPITAL LETTER {_known}")
_PUNCTUATION = {
    "~": "\xa0", "--": "–", "---": "—", "``": "“", "''": "”", "`": "‘", "'": "’", "?`": "¿", "!`": "¡",
}  # fmt: skip
_DEEPEST = 50


@dataclass(slots=True)
class _Group:
    """What is between two braces: what is done with it at its end, whether it keeps its capitals, the text so far, and
    the switches such as `\\it`, which last to the end of it."""

    after: str = ""
    protects: bool = False
    pieces: list[str] = field(default_factory=list)
    switches: int = 0

    def ended(self) -> str:
        """The text of the group."""
        text = "".join(self.pieces) + richtext.END * self.switches
        if self.after:
            return _with(self.after, text)
        if self.protects and not text.islower():
            return f"{richtext.NO_CASE}{text}{richtext.NO_CASE_END}"
        return text


@dataclass(slots=True)
class _Decoder:
    """Goes through the tokens; `waiting` is an accent or a style whose argument comes next."""

    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    waiting: str = ""
    math: bool = False
    ignored: int = 0  # braces deeper than any that mean something

    def decode(self, text: str) -> str:
        tokens = _TOKEN.findall(text)
        for token, following in zip(tokens, [*tokens, ""][1:], strict=True):
            if token == "{" and len(self.groups) < _DEEPEST:
                # `{\"U}` is one letter, and protects nothing.
                protects = not (self.waiting or self.math or following.startswith("\\"))
                self.groups.append(_Group(self.waiting, protects))
                self.waiting = ""
            elif token == "{":
                self.ignored += 1
            elif token == "}" and self.ignored:
                self.ignored -= 1
            elif token == "}":
                self._close()
            elif token == "$":
                self.math = not self.math
            else:
                self._token(token)
        while len(self.groups) > 1:
            self._close()
        return unicodedata.normalize("NFC", self.groups[0].ended())

    def _close(self) -> None:
        self.waiting = ""
        if len(self.groups) > 1:
            said = self.groups.pop().ended()
            self.groups[-1].pieces.append(said)

    def _token(self, token: str) -> None:
        name = token[1:].rstrip(" \t\n").rstrip("*") or token[1:] if token[0] == "\\" else ""
        if self.math and token in "^_":
            self.waiting = richtext.RAISED if token == "^" else richtext.LOWERED
        elif name in _ACCENTS or name in _STYLES:
            self.waiting = _ACCENTS.get(name) or _STYLES[name]
        elif name in _SWITCHES:
            self.groups[-1].pieces.append(_SWITCHES[name])
            self.groups[-1].switches += 1
        else:
            said = _SYMBOLS.get(name, "" if name.isalpha() else name) if name else _PUNCTUATION.get(token, token)
            if self.waiting and said.strip():
                said = _with(self.waiting, said.lstrip()[0]) + said.lstrip()[1:]
                self.waiting = ""
            self.groups[-1].pieces.append(said)


def decode(text: str) -> str:
    """The text that the LaTeX means."""
    return _Decoder().decode(text)


def _with(what: str, text: str) -> str:
    """The text under the accent, or in the style, of `what`."""
    if not unicodedata.combining(what):
        return f"{what}{text}{richtext.END}"
    undotted = text[:1].replace("ı", "i").replace("ȷ", "j")
    return (undotted or " ") + what + text[1:]
