"""What is to be made of a book, by what its author orders, what `book.toml` says, and where it goes."""

from __future__ import annotations

from collections.abc import Iterable

from pmpress.config import direction_of
from pmpress.diagnostics import UsageError, error
from pmpress.layout import Wish, Wishes
from pmpress.manuscript import Manuscript
from pmpress.model import Edition, EditionKind, Target
from pmpress.targets import load_target


def edition_of(kind: EditionKind | None, target: str, manuscript: Manuscript, *, draft: bool) -> Edition:
    """The edition of a kind, by default the first that the target takes, for the target of that name, if any.

    Raises UsageError (`target-unknown`, `target-edition`) and PressError (`target-broken`).
    """
    goal = load_target(target, manuscript.folder)
    first: EditionKind = goal.editions[0] if goal.editions else "book"
    wanted = kind or first
    if goal.editions and wanted not in goal.editions:
        hint = f"Leave --edition out, or take {' or '.join(goal.editions)}."
        raise UsageError(error("target-edition", f"'{target}' takes no edition for the {wanted}", hint=hint))
    config, rules = manuscript.config, goal.print
    is_book = wanted == "book"
    return Edition(
        kind=wanted,
        draft=draft,
        bleed=(config.bleed if rules.bleed is None else rules.bleed) if is_book else 0.0,
        marks=(config.marks if rules.marks is None else rules.marks) and is_book,
        embeds_fonts=config.embed_fonts,
        contents_depth=min(filter(None, (config.contents_depth, goal.ebook.contents_depth)), default=0),
        target=goal,
    )


def files_for(target: Target, kinds: Iterable[str]) -> tuple[str, ...]:
    """Those of the kinds of file, if any are asked for, that a target takes. Raises UsageError (`target-file`) if it
    takes none of them."""
    asked = tuple(kinds)
    taken = tuple(kind for kind in asked if not target.files or kind in target.files)
    if asked and not taken:
        said = f"'{target.name}' takes no {' and no '.join(map(str.upper, asked))}"
        hint = f"Run pmpress {target.files[0]} --target {target.name}, or leave --target out."
        raise UsageError(error("target-file", said, hint=hint))
    return taken


def suffix_of(edition: Edition, *, is_pdf: bool) -> str:
    """What tells a file of the edition from one of the usual edition, behind the book's name. An e-book has no pages,
    and is the same in all editions."""
    target = edition.target
    usual = target.editions[0] if target.editions else "book"
    named = [target.name, edition.kind if is_pdf and edition.kind != usual else ""]
    return "".join(f"-{name}" for name in named if name)


def wishes_of(manuscript: Manuscript, edition: Edition) -> Wishes:
    """What a book asks of its layout for an edition."""
    config = manuscript.config
    style = {name: Wish(value, config.span(f"style.{name}")) for name, value in config.style.items() if value}
    if config.trim:
        for name, side in zip(("trim-width", "trim-height"), config.trim, strict=True):
            style[name] = Wish(f"{side:g}pt", config.span("layout.trim"))
    if edition.bleed:
        style["bleed"] = Wish(f"{edition.bleed:g}pt", config.span("layout.bleed"))
    is_rtl = direction_of(manuscript.language) == "rtl"
    return Wishes(style, manuscript.language, is_rtl=is_rtl, for_screen=edition.kind == "screen")
