"""The book as catalogues want it told: ONIX for Books 3.0 for the trade, schema.org for the web.

All that is said comes from the book's metadata and from the finished files; nothing is asked of the author twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from typing import Literal, TypeAlias

from pmpress.cache import FOLDER, Cache
from pmpress.catalog import jsonld, onix
from pmpress.catalog.record import Record, doubts, record_of
from pmpress.diagnostics import Diagnostic
from pmpress.press import Order, load
from pmpress.press.writing import output_folder
from pmpress.tasks import InProcess, Means, Progress, silent

Form: TypeAlias = Literal["onix", "jsonld"]
_FORMS: Mapping[Form, Callable[[Record], str]] = {"onix": onix.message, "jsonld": jsonld.document}


def describe(
    order: Order, form: Form, *, executor: Executor | None = None, progress: Progress = silent
) -> tuple[str, tuple[Diagnostic, ...]]:
    """Make the book, or take it from what earlier builds remembered, and tell it in that form.

    It is of the printed book and the e-book, whatever edition is ordered. Returns the text and what was noticed. Raises
    as `pmpress.press.load` and `pmpress.press.render` do.
    """
    cache = Cache(output_folder(None) / FOLDER)
    means = Means(executor or InProcess(), cache, progress)
    loaded = load(replace(order, edition=None), means, ("pdf", "epub"))
    record = record_of(loaded, means)
    cache.trim()
    return _FORMS[form](record), (*loaded.diagnostics, *doubts(record))
