"""The page's server: on this machine only, for whoever knows the address.

The address has a random word in it, so that no other page can guess it; a request that was sent to another name than
this machine's (DNS rebinding) is refused; nothing that is asked for changes anything.
"""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import resources

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pmpress.diagnostics import MachineError, error
from pmpress.pdf.pulls import areas_of, block_at
from pmpress.preview.desk import Desk
from pmpress.preview.showing import as_json, place_as_json
from pmpress.preview.watching import watch

_HERE = "127.0.0.1"
_WIDTHS = (200, 400, 800, 1200, 1600, 2400)
"""How many pixels wide pictures are drawn."""
_ALIVE = 15.0
_STATIC = {"": ("index.html", "text/html"), "preview.css": ("preview.css", "text/css"),
           "preview.js": ("preview.js", "text/javascript"), "dark.css": ("dark.css", "text/css")}  # fmt: skip
_OF_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_OF_BOOK = (
    "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}


@contextmanager
def listening(port: int | None) -> Iterator[socket.socket]:
    """A socket at that port of this machine, by default at any that is free. Raises MachineError (`port-taken`)."""
    with socket.socket() as listener:
        if os.name == "posix":  # elsewhere it would take a port from whoever has it
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_HERE, port or 0))
            listener.listen(128)
        except OSError as fault:
            said = "another program has it" if fault.errno == errno.EADDRINUSE else fault.strerror or str(fault)
            hint = "Leave --port out: a free one is taken."
            raise MachineError(error("port-taken", f"port {port} cannot be used: {said}", hint=hint)) from fault
        yield listener


def serve(desk: Desk, listener: socket.socket, editor: str, told: Callable[[str], None]) -> None:
    """Show what is on the desk until this process is asked to end (SIGINT, SIGTERM). `told` is given the address."""
    asyncio.run(_Preview(desk, editor, listener.getsockname()[1]).run(listener, told))


class _Preview:
    """The page of one book: who looks at it, and what they ask for."""

    def __init__(self, desk: Desk, editor: str, port: int) -> None:
        self._desk = desk
        self._editor = editor
        self._port = port
        self._token = secrets.token_urlsafe(16)
        self._folder = desk.folder
        self._drawing = ThreadPoolExecutor(1, "drawing")
        self._told = ""
        self._looking: set[asyncio.Event] = set()
        self._ended = asyncio.Event()

    async def run(self, listener: socket.socket, told: Callable[[str], None]) -> None:
        loop = asyncio.get_running_loop()
        server = _Server(
            uvicorn.Config(
                self._app(), log_config=None, access_log=False, lifespan="off", ws="none", http="h11", loop="asyncio",
                timeout_graceful_shutdown=1, server_header=False, log_level="critical",
            )
        )  # fmt: skip

        def end() -> None:
            self._ended.set()
            self._wake_all()
            server.should_exit = True

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(end))

        def take() -> None:
            loop.call_soon_threadsafe(self._take)

        self._desk.tell = take
        self._desk.start()
        watching = asyncio.create_task(watch(self._desk.order.path, self._desk.wake, self._ended))
        told(f"http://{_HERE}:{self._port}/{self._token}/")
        try:
            await server.serve([listener])
        finally:
            self._ended.set()
            self._desk.end()
            self._drawing.shutdown(wait=False, cancel_futures=True)
            await watching

    def _app(self) -> ASGIApp:
        prefix = "/{token}"
        app = Starlette(
            routes=[
                Route(f"{prefix}/events", self._events),
                Route(f"{prefix}/pages/{{key}}-{{width:int}}.png", self._picture),
                Route(f"{prefix}/at-page/{{key}}", self._at_page),
                Route(f"{prefix}/at-block/{{slug}}/{{block:int}}", self._at_block),
                Route(f"{prefix}/book/{{name:path}}", self._book),
                Route(f"{prefix}/{{name:path}}", self._own),
            ]
        )
        return _Guard(app, self._token, (f"{_HERE}:{self._port}", f"localhost:{self._port}"))

    def _take(self) -> None:
        """Tell whoever looks what there is to see now. Who is slow is told the last state only."""
        self._told = ""
        self._wake_all()

    def _wake_all(self) -> None:
        for each in self._looking:
            each.set()

    def _state(self) -> str:
        if not self._told:
            self._told = as_json(self._desk.shown, self._folder, self._editor)
        return self._told

    async def _own(self, request: Request) -> Response:
        found = _STATIC.get(request.path_params["name"])
        if found is None:
            return _nothing()
        name, media_type = found
        text = (resources.files("pmpress.preview") / "static" / name).read_text("utf-8")
        policy = _OF_PAGE if name == "index.html" else "default-src 'none'"
        return Response(text, media_type=media_type, headers={"Content-Security-Policy": policy})

    async def _events(self, request: Request) -> Response:
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        """The states, as server-sent events (HTML Standard, 9.2), and a sign of life now and then."""
        woken = asyncio.Event()
        self._looking.add(woken)
        try:
            yield f"retry: 1000\n\ndata: {self._state()}\n\n"
            while not self._ended.is_set():
                try:
                    await asyncio.wait_for(woken.wait(), _ALIVE)
                except TimeoutError:
                    yield ": alive\n\n"
                    continue
                woken.clear()
                if not self._ended.is_set():
                    yield f"data: {self._state()}\n\n"
        finally:
            self._looking.discard(woken)

    async def _picture(self, request: Request) -> Response:
        shown, key, width = self._desk.shown, request.path_params["key"], request.path_params["width"]
        page = next((page for page in shown.pages if page.key == key), None)
        if page is None or page.place is None or shown.proofs is None or width not in _WIDTHS:
            return _nothing()
        self._desk.looked_at = shown.proofs.sheets[page.place].name
        loop, pictures = asyncio.get_running_loop(), self._desk.pictures
        try:
            data = await loop.run_in_executor(self._drawing, pictures.draw, shown.proofs, page, width)
        except Exception as fault:  # the author reads it among the diagnostics
            self._desk.report(fault, pictures)
            return PlainTextResponse("This page could not be drawn.", 503)
        return Response(data, media_type="image/png", headers=_FOR_EVER)

    async def _at_page(self, request: Request) -> Response:
        """Where a point of a page was written, and where that is in the e-book."""
        shown = self._desk.shown
        page = next((page for page in shown.pages if page.key == request.path_params["key"]), None)
        if page is None or page.place is None or shown.proofs is None:
            return _nothing()
        across, down = (_fraction(request.query_params.get(name, "")) for name in ("x", "y"))
        block = block_at(shown.proofs, page, across, down)
        span = self._desk.span_of(page.place, block)
        slug = shown.proofs.sheets[page.place].anchor
        place = place_as_json(span, self._folder, self._editor)
        return JSONResponse({"place": place, "slug": slug, "block": block, "areas": self._areas(slug, block)})

    async def _at_block(self, request: Request) -> Response:
        """Where a block of the e-book was written, and where it is in print."""
        slug, block = request.path_params["slug"], request.path_params["block"]
        proofs = self._desk.shown.proofs
        place = next((at for at, sheet in enumerate(proofs.sheets) if sheet.anchor == slug), None) if proofs else None
        if place is None:
            return _nothing()
        span = place_as_json(self._desk.span_of(place, block), self._folder, self._editor)
        return JSONResponse({"place": span, "slug": slug, "block": block, "areas": self._areas(slug, block)})

    def _areas(self, slug: str, block: int) -> list[dict[str, float]]:
        shown = self._desk.shown
        if shown.proofs is None or not block:
            return []
        place = next((at for at, sheet in enumerate(shown.proofs.sheets) if sheet.anchor == slug), -1)
        return [
            {"page": page.page_index, "left": area.left, "top": area.top, "right": area.right, "bottom": area.bottom}
            for page, area in areas_of(shown.proofs, shown.pages, place, block)
        ]

    async def _book(self, request: Request) -> Response:
        ebook = self._desk.shown.ebook
        found = ebook.file(request.path_params["name"]) if ebook else None
        if found is None:
            return _nothing()
        data, media_type = found
        return Response(data, media_type=media_type, headers={"Content-Security-Policy": _OF_BOOK})


class _Server(uvicorn.Server):
    """A server that leaves signals to the press."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Guard:
    """Lets nobody in who does not know the token, or who was led here under another name."""

    def __init__(self, app: ASGIApp, token: str, names: tuple[str, ...]) -> None:
        self._app = app
        self._token = token.encode()
        self._names = tuple(name.encode() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        host = dict(scope["headers"]).get(b"host", b"")
        token = scope["path"].removeprefix("/").partition("/")[0].encode()
        app = self._app
        if host not in self._names:
            app = PlainTextResponse("This page has another address.", 421)
        elif not secrets.compare_digest(token, self._token):
            app = _nothing()
        elif scope["method"] not in ("GET", "HEAD"):
            app = PlainTextResponse("There is nothing to change here.", 405)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = dict(message["headers"])
                headers.setdefault(b"cache-control", b"no-store")
                headers |= {
                    b"x-content-type-options": b"nosniff",
                    b"referrer-policy": b"no-referrer",
                    b"cross-origin-resource-policy": b"same-origin",
                    b"cross-origin-opener-policy": b"same-origin",
                }
                message = {**message, "headers": list(headers.items())}
            await send(message)

        await app(scope, receive, guarded)


def _nothing() -> Response:
    return PlainTextResponse("There is nothing here.", 404)


def _fraction(written: str) -> float:
    try:
        number = float(written)
    except ValueError:
        return 0.0
    return min(1.0, max(0.0, number)) if number == number else 0.0  # noqa: PLR0124 – not a number
