"""What came of a picture, without the libraries that open one."""

from __future__ import annotations

from dataclasses import dataclass

from pmpress.diagnostics import Diagnostic
from pmpress.model import Asset


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a picture: the asset, if it can be shown, and what is to be said of it, with no place yet.

    The asset's `data` is empty where it is that of the file.
    """

    asset: Asset | None
    diagnostics: tuple[Diagnostic, ...] = ()
