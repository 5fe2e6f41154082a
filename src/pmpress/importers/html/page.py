"""A page of the web: where its text is, what is only its furniture, and what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pmpress.importers.found import About
from pmpress.importers.html.inline import Setting
from pmpress.importers.html.tree import HEADINGS, drop, elements, local, said_of, words_of
from pmpress.importers.words import day_in, language_of, names_in
from pmpress.model import Contributor

_NOT_TEXT = frozenset(["script", "style", "template", "noscript", "link", "meta", "base"])
_FURNITURE = frozenset(
    {"nav", "navigation", "banner", "contentinfo", "complementary", "search", "menubar", "directory", "doc-toc"}
)
_NAMED = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navigation|menu|sidebar|breadcrumbs?|share|sharing|social|cookies?|related|advert|ads?|"
    r"promo|subscribe|newsletter|skip-link|toolbar|pagination|pager|site-header|site-footer|comments?|"
    r"edit-?section|toc|printfooter|catlinks|navbox|headerlink|anchor-link|mw-editsection)(?:$|[-_ ])", re.I
)  # fmt: skip
_SHARING = re.compile(r"(?:^|[-_ ])(?:share|sharing|social|cookies?)(?:$|[-_ ])", re.I)
_ALWAYS = frozenset(
    {
        "mw-editsection",
        "headerlink",
        "skip-link",
        "anchor-link",
        "anchorjs-link",
        "printfooter",
        "visually-hidden",
        "sr-only",
    }
)
_HIDDEN = re.compile(r"display:none|visibility:hidden", re.I)
_BYLINE = re.compile(r"(?:written\s+|posted\s+)?(?:by|von|par|por|di)[:\s]\s*(?P<names>.+)", re.I)
_SHARE, _LEAST_SHARE = 0.5, 0.25
_SHOWN = 50


def metadata(root: etree._Element) -> About:
    """What the head of a page says, and its title and byline."""
    metas = {
        str(each.get("name") or each.get("property")).lower(): " ".join((each.get("content") or "").split())
        for each in reversed(elements(root, "meta"))
        if each.get("name") or each.get("property")
    }
    title = next(
        (
            words_of(each)
            for each in elements(root, "title")
            if (above := each.getparent()) is not None and local(above) == "head"
        ),
        "",
    )
    tops = [words_of(each) for each in elements(root, "h1") if words_of(each)]
    # Behind the title most pages say the name of the site.
    short = next((top for top in tops if title.startswith(top)), "")
    people = list(dict.fromkeys(_people(root)))
    date = next(
        (
            metas[key]
            for key in ("article:published_time", "dc.date", "dcterms.date", "date", "citation_date")
            if metas.get(key)
        ),
        "",
    )
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or metas.get("language", "")
    return About(
        title=short or metas.get("og:title") or title or (tops[0] if tops else ""),
        contributors=tuple(map(Contributor, people)),
        language=language.replace("_", "-"),
        date=day_in(date),
        description=metas.get("description") or metas.get("og:description", ""),
        rights=metas.get("dcterms.rights") or metas.get("copyright", ""),
    )


def _people(root: etree._Element) -> Iterator[str]:
    for each in elements(root, "meta"):
        said = str(each.get("name") or each.get("property")).lower()
        content = " ".join((each.get("content") or "").split())
        if said in ("author", "dc.creator", "citation_author", "article:author") and "//" not in content:
            yield from (name for name in re.split(r"\s*[;,]\s*|\s+and\s+", content) if name)


def body_of(root: etree._Element, setting: Setting) -> etree._Element:
    """The element that holds the page's text, its furniture taken out; what was taken is named."""
    for each in elements(root):
        if local(each) in _NOT_TEXT and each.getparent() is not None:
            drop(each)
    body = next(iter(elements(root, "body")), root)
    for each in list(_hidden(body)):
        drop(each)
    main = _main(body)
    if main is not body:
        _name_outside(body, main, setting)
    for each in [*elements(main)]:
        if each is not main and each.getparent() is not None and _is_furniture(each, main):
            _say(each, setting)
            drop(each)
    for link in elements(main, "a"):
        # A sign at a heading that leads to the heading itself.
        if re.fullmatch(r"[#¶§🔗]", words_of(link)) and any(local(each) in HEADINGS for each in link.iterancestors()):
            drop(link)
    tops = elements(main, "h1")
    header = (
        next((each for each in tops[0].iterancestors() if local(each) == "header"), None) if len(tops) > 1 else None
    )
    if header is not None and len(elements(header, "h1")) == 1:
        setting.remark("title-taken", f"taken to the title page: '{words_of(header)[:_SHOWN]}'", header)
        drop(header)
    return main


def _hidden(body: etree._Element) -> Iterator[etree._Element]:
    for each in elements(body):
        style = re.sub(r"\s", "", each.get("style") or "") if each.get("style") else ""
        is_hidden = each.get("hidden") is not None or (style and _HIDDEN.search(style))
        # What stands beside a formula for those who do not see it is the formula.
        if (is_hidden and not elements(each, "math")) or (said_of(each) & _ALWAYS):
            yield each


def _main(body: etree._Element) -> etree._Element:
    """The element that says it is the text of the page; the body if none does, or if it holds hardly any of it."""
    mains = [each for each in elements(body) if local(each) == "main" or "main" in str(each.get("role") or "").split()]
    articles = elements(body, "article")
    for found in (mains, articles):
        if len(found) == 1 and len(words_of(found[0])) * 3 > len(words_of(body)) and len(words_of(found[0])) > 100:
            return found[0]
    return body


def _is_furniture(element: etree._Element, main: etree._Element) -> bool:
    name, said = local(element), said_of(element)
    if name == "nav" or said & _FURNITURE & set(str(element.get("role") or "").split()):
        return True
    is_outer = element.getparent() is main or (
        local(main) == "body" and not any(local(e) in ("article", "main", "section") for e in element.iterancestors())
    )
    if name in ("header", "footer") and local(main) == "body" and is_outer and not elements(element, "h1"):
        return _linked(element) > 0 or name == "footer"
    if name in ("div", "ul", "ol", "section", "aside", "p", "span", "form", "table"):
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        share = _LEAST_SHARE if _SHARING.search(named) else _SHARE
        return bool(_NAMED.search(named)) and _linked(element) > share and not elements(element, "h1")
    return False


def _linked(element: etree._Element) -> float:
    """Which share of the words of an element are links."""
    every = len(words_of(element)) or 1
    return sum(len(words_of(link)) for link in elements(element, "a", "button")) / every


def _say(element: etree._Element, setting: Setting) -> None:
    words = words_of(element)
    if words:
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
        setting.remark("furniture-left-out", f"left out, being no text of the page: '{shown}'", element)


def _name_outside(body: etree._Element, main: etree._Element, setting: Setting) -> None:
    """Name what stands outside the text."""
    kept = {main, *main.iterancestors()}
    for ancestor in [*main.iterancestors()]:
        for child in ancestor:
            if child not in kept and isinstance(child.tag, str) and local(child) != "head":
                _say(child, setting)
        if ancestor is body:
            break


def byline(main: etree._Element, setting: Setting) -> tuple[str, ...]:
    """The people in a line of its own near the beginning that says by whom the text is, taken out of the text."""
    for each in elements(main, "p", "div", "span", "address", "a")[:30]:
        found = _BYLINE.fullmatch(words_of(each)) if len(words_of(each)) < 100 else None
        if found and names_in(found["names"]):
            setting.remark("byline-taken", f"taken as who wrote it: '{words_of(each)}'", each)
            drop(each)
            return names_in(found["names"])
        if said_of(each) & {"author", "byline", "p-author"} and names_in(words_of(each)):
            return names_in(words_of(each))
    return ()


def language(about: About, main: etree._Element) -> str:
    """The language the page says it is in, else the one its words are."""
    return about.language or language_of(words_of(main))
