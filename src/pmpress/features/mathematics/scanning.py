"""A formula's source, read token by token from its beginning to its end."""

from __future__ import annotations

import re

from pmpress.formulas import symbols

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.|$)|[0-9]+(?:(?:\.|\{,\})[0-9]+)*|'+|[^\s]", re.DOTALL)
_BLANK = re.compile(r"\s+")
_LENGTH = re.compile(r"\s*(-?[0-9]{0,4}(?:\.[0-9]{1,6})?)\s*(em|ex|mu|pt|mm|cm|in|pc)\s*")
_EM = {"em": 1.0, "ex": 0.45, "mu": 1 / 18, "pt": 0.1, "mm": 0.285, "cm": 2.85, "in": 7.23, "pc": 1.2}
_WIDEST = 20.0
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
WORD = re.compile(r"[A-Za-z0-9 *'’-]+")


class Unreadable(ValueError):
    """A formula that cannot be read. `hint` says what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def in_em(written: str, owner: str) -> float:
    """A length in em. Raises Unreadable."""
    found = _LENGTH.fullmatch(written)
    if not found or found[1] in {"", "-"} or abs(value := float(found[1]) * _EM[found[2]]) > _WIDEST:
        raise Unreadable(f"“{shortened(written)}” is no length for \\{owner}")
    return value if not found[1].startswith("-") else -abs(value)


def shortened(text: str) -> str:
    """What an author wrote, as far as a message may quote it."""
    return text if len(text) <= 30 else f"{text[:29]}…"


class Scanner:
    """Reads on from where it is; what is read once is never read again."""

    def __init__(self, tex: str) -> None:
        self._tex = tex
        self._at = 0

    def _peek(self) -> str:
        """The next token, behind white space; nothing at the end."""
        if blank := _BLANK.match(self._tex, self._at):
            self._at = blank.end()
        found = _TOKEN.match(self._tex, self._at)
        return found[0] if found else ""

    def _take(self) -> str:
        token = self._peek()
        self._at += len(token)
        return token

    def _takes(self, token: str) -> bool:
        if self._peek() != token:
            return False
        self._at += len(token)
        return True

    def _word(self) -> str:
        r"""The name in the group that follows, as in \mathrm{Hom}, if nothing else is in it."""
        if self._peek() != "{":
            return ""
        found = WORD.match(self._tex, self._at + 1)
        if not found or not self._tex.startswith("}", found.end()) or not found[0].strip():
            return ""
        self._at = found.end() + 1
        return found[0].strip()

    def _raw(self, owner: str) -> str:
        """The source of a group that holds no groups."""
        if self._peek() != "{":
            raise Unreadable(f"{owner} lacks what it belongs to: no {{ follows it")
        end = self._tex.find("}", self._at)
        if end < 0:
            raise Unreadable("a { is not closed")
        written = self._tex[self._at + 1 : end]
        self._at = end + 1
        return written

    def _delimiter(self, owner: str) -> str:
        token = self._take()
        if not token:
            raise Unreadable(f"{owner} lacks its delimiter")
        if token not in symbols.DELIMITERS:
            raise Unreadable(f"{shortened(token)} is no delimiter: it cannot stand behind {owner}")
        return symbols.DELIMITERS[token]

    def _colour(self) -> str:
        written = self._raw("A colour's macro").strip()
        colour = written if _HEX.fullmatch(written) else symbols.COLOURS.get(written.lower())
        if colour is None:
            hint = f"Write #rrggbb or one of {', '.join(symbols.COLOURS)}."
            raise Unreadable(f"“{shortened(written)}” is no colour", hint)
        return colour

    def _length(self, owner: str) -> float:
        if self._peek() == "{":
            return in_em(self._raw(owner), owner[1:])
        self._peek()
        found = _LENGTH.match(self._tex, self._at)
        if not found:
            raise Unreadable(f"{owner} lacks its length")
        self._at = found.end()
        return in_em(found[0], owner[1:])

    def _skip_length(self) -> None:
        r"""The length behind a `\\`: lines are set as far apart as is right."""
        self._takes("*")
        if self._tex.startswith("[", self._at):
            end = self._tex.find("]", self._at)
            if end > 0 and _LENGTH.fullmatch(self._tex, self._at + 1, end):
                self._at = end + 1
