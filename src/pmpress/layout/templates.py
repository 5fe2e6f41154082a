"""A layout's templates, filled in inside Jinja's sandbox."""

from __future__ import annotations

from collections.abc import Mapping
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


def fill(files: Files, digest: str, template: str, values: Mapping[str, Any]) -> str:
    """Do what `pmpress.layout.Layout.render` says. `digest` is one of the files: of what is in them now."""
    name = f"{template}.html.jinja"
    hint = "Mend it, or delete it to get the built-in one."
    try:
        return _environment(files, digest).get_template(name).render(**values)
    except jinja2.TemplateSyntaxError as fault:
        where = Span(files.shown(f"templates/{fault.filename or name}"), fault.lineno)
        said = fault.message or "the template does not parse"
        raise PressError(error("layout-template", said, where, hint)) from fault
    except _TEMPLATE_FAULTS as fault:
        said = f"the template fails: {fault or type(fault).__name__}"
        raise PressError(error("layout-template", said, Span(files.shown(f"templates/{name}")), hint)) from fault


@lru_cache(maxsize=2)
def _environment(files: Files, digest: str) -> SandboxedEnvironment:
    def load(name: str) -> tuple[str, str, None] | None:
        text = files.text(f"templates/{name}")
        return None if text is None else (text, name, None)

    return SandboxedEnvironment(
        loader=jinja2.FunctionLoader(load),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
