"""Emphasis by CommonMark's rules on what stands around its marks, set up in Python-Markdown's own pattern for it."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from markdown.inlinepatterns import DelimiterProcessor


def _marks() -> str:
    r"""What `\w` leaves out and yet is no punctuation, marks on letters and joiners, as ranges: so written the patterns
    are ready in half the time."""
    marks = [code for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in {"Mn", "Mc", "Me", "Cf"}]
    # Neighbours have the same distance to their place in the list.
    runs = [list(run) for _, run in groupby(enumerate(marks), key=lambda numbered: numbered[1] - numbered[0])]
    return "".join(f"{chr(run[0][1])}-{chr(run[-1][1])}" for run in runs)


_MARKS = _marks()


def emphasise(delimiters: DelimiterProcessor) -> None:
    """Have Python-Markdown's emphasis follow CommonMark's rules on punctuation; `~~` deletes and `==` marks."""
    delimiters.add("~", "del", double=True)
    delimiters.add("=", "mark", double=True)
    for delimiter in delimiters.delimiters.values():
        # Asked for later only where `***` is taken apart: the strong is to be inside, not outside as at other counts.
        delimiter.tag_count = 0
    punctuation = rf"(?:[^\w\s{_MARKS}]|_)"
    after = rf"(?:(?<=[^\w\s{_MARKS}])|(?<=_))"
    for token, run in (("*", r"(?<!\*)\*++"), ("_", r"(?<!_)_++"), ("~", r"(?<!~)~~(?!~)"), ("=", r"(?<!=)==(?!=)")):
        left = rf"(?:(?:(?<!\S)|{after}){run}(?=\S)|{run}(?!\s|\Z|{punctuation}))"
        right = rf"(?:(?<=\S)(?:(?!{after}){run}|{run}(?=\s|\Z|{punctuation})))"
        opens, closes = left, right
        if token == "_":  # not inside a word
            opens = rf"(?={left})(?:(?!{right})|{after}){run}"
            closes = rf"(?={right})(?:(?!{left}){run}|{run}(?={punctuation}))"
        if token == "=":  # not a comparison: `a==b`
            opens, closes = rf"(?<![A-Za-z0-9_\]\)]){left}", rf"{right}(?![A-Za-z0-9_\[(])"
        delimiters.delimiters[token].boundary = re.compile(
            rf"(?P<ambiguous>(?={opens})(?={closes}){run})|(?P<end>{closes})|(?P<start>{opens})"
        )
