"""Entries of BibTeX and biblatex → items of CSL-JSON, so that from then on there is one kind of work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pmpress.features.citations import latex, names, richtext
from pmpress.features.citations.bibtex import MONTHS, Entry

_TYPES = {
    **dict.fromkeys(("book", "mvbook", "collection", "mvcollection", "proceedings", "manual", "booklet"), "book"),
    **dict.fromkeys(("inbook", "incollection", "bookinbook", "suppbook"), "chapter"),
    **dict.fromkeys(("inproceedings", "conference"), "paper-conference"),
    **dict.fromkeys(("phdthesis", "mastersthesis", "thesis"), "thesis"),
    **dict.fromkeys(("techreport", "report"), "report"),
    **dict.fromkeys(("online", "electronic", "www", "webpage"), "webpage"),
    "article": "article-journal",
    "inreference": "entry-encyclopedia",
    "unpublished": "manuscript",
    "patent": "patent",
    "dataset": "dataset",
    "software": "software",
    "letter": "personal_communication",
    "movie": "motion_picture",
    "video": "motion_picture",
    "audio": "song",
    "music": "song",
    "artwork": "graphic",
    "legislation": "legislation",
    "jurisdiction": "legal_case",
}
_MAGAZINES = {"newspaper": "article-newspaper", "magazine": "article-magazine"}
# By variable of CSL, the fields that may hold it, the first one found counts.
_TEXTS = {
    "collection-title": ("series",),
    "volume": ("volume",),
    "number-of-volumes": ("volumes",),
    "chapter-number": ("chapter",),
    "number-of-pages": ("pagetotal",),
    "title-short": ("shorttitle",),
    "note": ("note", "addendum"),
    "status": ("pubstate",),
    "version": ("version",),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
    "language": ("langid", "language", "hyphenation"),
    "event": ("eventtitle",),
    "event-place": ("venue",),
    "abstract": ("abstract",),
}
_LISTS = {
    "publisher": ("publisher", "school", "institution", "organization", "howpublished"),
    "publisher-place": ("location", "address"),
}
_NAMES = {"author": "author", "editor": "editor", "translator": "translator", "bookauthor": "container-author"}
_KNOWN = frozenset(
    (
        "title", "subtitle", "booktitle", "booksubtitle", "maintitle", "mainsubtitle", "journal", "journaltitle",
        "journalsubtitle", "date", "year", "month", "day", "urldate", "origdate", "eventdate", "number", "issue",
        "pages", "eid", "edition", "doi", "url", "howpublished", "eprint", "eprinttype", "archiveprefix", "type",
        "entrysubtype",
    )
).union(_NAMES, *_TEXTS.values(), *_LISTS.values())  # fmt: skip
_NUMBERED = ("report", "patent", "thesis", "legislation")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_DATE = re.compile(r"\s*(-?\d{1,4})(?:-(\d\d?)(?:-(\d\d?))?)?\s*([~?%]?)\s*(?:T.*)?")
_ADDRESS = re.compile(r"\\url\s*\{([^{}]*)\}|(?<![\w/])(https?://\S+)")
_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
# What a work in another does not take over from it, and what it takes over under another name (biblatex's rules).
_OWN = frozenset(
    {"title", "subtitle", "shorttitle", "pages", "doi", "url", "urldate", "crossref", "xdata", "note", "ids"}
)
_RENAMED = {"title": "booktitle", "subtitle": "booksubtitle"}


def inherited(entries: Mapping[str, Entry]) -> dict[str, Mapping[str, str]]:
    """The fields of each entry, with those it takes over from the one that its `crossref` or `xdata` names.

    One step only: what that one takes over in its turn is its own.
    """
    folded = {key.lower(): entry for key, entry in entries.items()}
    full: dict[str, Mapping[str, str]] = {}
    for key, entry in entries.items():
        fields = dict(entry.fields)
        for name in ("xdata", "crossref"):
            above = folded.get(entry.fields.get(name, "").strip().lower())
            for field, value in above.fields.items() if above and above is not entry else ():
                if field not in _KNOWN:
                    continue
                if name == "crossref":
                    if field in _RENAMED:
                        fields.setdefault(_RENAMED[field], value)
                    if field in _OWN:
                        continue
                fields.setdefault(field, value)
        full[key] = fields
    return full


def item(entry: Entry, fields: Mapping[str, str], words: Mapping[str, str]) -> dict[str, Any]:
    """The work of an entry with all its fields; `words` say what a thesis is called."""
    kind = _TYPES.get(entry.kind, "webpage" if fields.get("url") else "document")
    if kind == "article-journal":
        kind = _MAGAZINES.get(fields.get("entrysubtype", ""), kind)
    work: dict[str, Any] = {"type": kind, **_texts(fields), **_titles(fields), **_numbers(kind, fields)}
    for field, variable in _NAMES.items():
        if people := names.read(fields.get(field, "")):
            work[variable] = people
    if thesis := fields.get("type", entry.kind if kind == "thesis" else ""):
        work["genre"] = words.get(thesis.lower(), latex.decode(thesis))
    for variable, prefix in (("issued", ""), ("accessed", "url"), ("original-date", "orig"), ("event-date", "event")):
        if date := _date(fields, prefix):
            work[variable] = date
    work |= _addresses(fields)
    return {variable: value for variable, value in work.items() if value}


def _texts(fields: Mapping[str, str]) -> dict[str, str]:
    texts = {variable: latex.decode(_first(fields, those)) for variable, those in _TEXTS.items()}
    return texts | {variable: names.parts(_first(fields, those)) for variable, those in _LISTS.items()}


def _first(fields: Mapping[str, str], those: tuple[str, ...]) -> str:
    return next((fields[name] for name in those if name in fields), "")


def _titles(fields: Mapping[str, str]) -> dict[str, str]:
    def joined(name: str) -> str:
        title, subtitle = (latex.decode(fields.get(part, "")) for part in (f"{name}title", f"{name}subtitle"))
        closed = richtext.plain(title).endswith(("?", "!", ":"))
        return f"{title}{' ' if closed else ': '}{subtitle}" if title and subtitle else title

    within = joined("book") or joined("journal") or latex.decode(fields.get("journal", "")) or joined("main")
    return {"title": joined(""), "container-title": within}


def _numbers(kind: str, fields: Mapping[str, str]) -> dict[str, str]:
    number = latex.decode(fields.get("number", ""))
    variable = "issue" if kind.startswith("article") else "number" if kind in _NUMBERED else "collection-number"
    numbers = {"issue": latex.decode(fields.get("issue", ""))} | ({variable: number} if number else {})
    pages = latex.decode(fields.get("pages", fields.get("eid", "")))
    numbers["page"] = re.sub(r"\s*[-–—]+\s*", "-", pages)
    edition = latex.decode(fields.get("edition", "")).strip()
    bare = re.sub(r"(?<=\d)(?:st|nd|rd|th|\.)?$", "", edition)
    numbers["edition"] = str(_ORDINALS.index(edition.lower()) + 1) if edition.lower() in _ORDINALS else bare
    return numbers


def _date(fields: Mapping[str, str], prefix: str) -> dict[str, Any]:
    """A date of biblatex ("1999-05", "1980/1985", "1920~") or BibTeX's `year` and `month`."""
    written = richtext.plain(latex.decode(fields.get(f"{prefix}date", ""))).replace("\xa0", "~").strip()
    if not written:
        written = richtext.plain(latex.decode(fields.get(f"{prefix}year", ""))).replace("\xa0", "~").strip()
        month = _month(fields.get(f"{prefix}month", ""))
        if month and re.fullmatch(r"\d{1,4}", written):
            written = f"{written}-{month:02}"
            day = re.search(r"\d+", fields.get(f"{prefix}day", "") or fields.get(f"{prefix}month", ""))
            if day and 1 <= int(day[0]) <= 31 and not fields.get(f"{prefix}month", "").strip().isdigit():
                written += f"-{int(day[0]):02}"
    if not written:
        return {}
    pieces = [_DATE.fullmatch(piece) for piece in re.split(r"/|--?(?=\d{4}\b)|–", written) if piece.strip(" .")]
    if not pieces or len(pieces) > 2 or not all(pieces):
        return {"literal": written.replace("~", "\xa0")}
    known = [piece for piece in pieces if piece]
    return {
        "date-parts": [possible([int(part) for part in piece.group(1, 2, 3) if part]) for piece in known],
        **({"circa": True} if any(piece[4] for piece in known) else {}),
    }


def possible(parts: list[int]) -> list[int]:
    """The parts of a date as far as there is such a day."""
    if len(parts) > 1 and not 1 <= parts[1] <= 12:
        return parts[:1]
    return parts[:2] if len(parts) > 2 and not 1 <= parts[2] <= 31 else parts


def _month(written: str) -> int:
    word = re.sub(r"[\s\d.~{}\\]", "", written)[:3].lower()
    if word in MONTHS:
        return MONTHS.index(word) + 1
    return int(written) if written.strip().isdigit() and 1 <= int(written) <= 12 else 0


def _addresses(fields: Mapping[str, str]) -> dict[str, str]:
    doi = _DOI.sub("", _verbatim(fields.get("doi", "")))
    url = _verbatim(fields.get("url", ""))
    if not url and (found := _ADDRESS.search(fields.get("howpublished", "") or fields.get("note", ""))):
        url = _verbatim(found[1] or found[2])
    eprint, kind = _verbatim(fields.get("eprint", "")), fields.get("eprinttype", fields.get("archiveprefix", ""))
    addresses = {"DOI": doi, "URL": url}
    if eprint and kind.lower() == "arxiv":
        addresses |= {"number": f"arXiv:{eprint}", "URL": url or f"https://arxiv.org/abs/{eprint}"}
    return addresses


def _verbatim(value: str) -> str:
    """An address: nothing in it is LaTeX but what had to be escaped."""
    return re.sub(r"\\([_%&#$~{}])(?:\{\})?|[{}]|\s+", lambda found: found[1] or "", value).strip()
