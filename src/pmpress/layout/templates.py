"""A layout's templates, filled in inside Jinja's sandbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import jinja2
from jinja2.sandbox import SandboxedEnvironment

from pmpress.diagnostics import PressError, Span, error
from pmpress.layout.files import Files

# Whatever an expression of the designer's can raise.
_TEMPLATE_FAULTS = (
    jinja2.TemplateError, ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError,
    ValueError,
)  # fmt: skip


def fill(folders: Sequence[Files], digest: str, template: str, values: Mapping[str, Any]) -> str:
    """Do what `pmpress.layout.Layout.render` says. The template is looked for in each of the `folders`; `digest` is one
    of the files: of what is in them now."""
    name = f"{template}.html.jinja"
    hint = "Mend it, or delete it to get the built-in one."
    try:
        return _environment(tuple(folders), digest).get_template(name).render(**values)
    except jinja2.TemplateSyntaxError as fault:
        where = Span(
            _holder(folders, fault.filename or name).shown(f"templates/{fault.filename or name}"), fault.lineno
        )
        said = fault.message or "the template does not parse"
        raise PressError(error("layout-template", said, where, hint)) from fault
    except _TEMPLATE_FAULTS as fault:
        said = f"the template fails: {fault or type(fault).__name__}"
        where = Span(_holder(folders, name).shown(f"templates/{name}"))
        raise PressError(error("layout-template", said, where, hint)) from fault


def _holder(folders: Sequence[Files], name: str) -> Files:
    """The first of the folders that has a template; of one that none has, the first."""
    return next((files for files in folders if files.find(f"templates/{name}")), folders[0])


@lru_cache(maxsize=2)
def _environment(folders: tuple[Files, ...], digest: str) -> SandboxedEnvironment:
    def load(name: str) -> tuple[str, str, None] | None:
        text = _holder(folders, name).text(f"templates/{name}")
        return None if text is None else (text, name, None)

    return SandboxedEnvironment(
        loader=jinja2.FunctionLoader(load),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
