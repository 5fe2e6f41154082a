"""The files a sheet may use: those of the book and of its layout, from memory. Nothing else is read or fetched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse

from pmpress.model import Asset
from pmpress.pdf.addresses import BASE, name_at


class SealedFetcher(URLFetcher):  # type: ignore[misc]
    """Serves the assets at their addresses, and refuses every other address, `data:` and `file:` included."""

    def __init__(self, assets: Iterable[Asset]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.serve(assets)

    def serve(self, assets: Iterable[Asset]) -> None:
        """Serve these assets and no others from now on."""
        self._assets = {asset.name: asset for asset in assets}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """The asset at `url`. Raises ValueError, which the engine logs, if there is none."""
        asset = self._assets.get(name_at(url.partition("#")[0])) if url.startswith(BASE) else None
        if asset is None:
            raise ValueError("it is no file of the book")
        return URLFetcherResponse(url, asset.data, {"Content-Type": asset.media_type})
