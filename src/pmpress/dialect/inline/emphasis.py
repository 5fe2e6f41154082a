"""Emphasis by CommonMark's rules on what stands around its marks, set up in Python-Markdown's own pattern for it."""

from __future__ import annotations

import re
import unicodedata

from markdown.inlinepatterns import DelimiterProcessor

# What `\w` leaves out and yet is no punctuation: marks on letters, and joiners.
_MARKS = "".join(
    chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in {"Mn", "Mc", "Me", "Cf"}
)


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
