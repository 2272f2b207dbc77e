"""A built site -> served as GitHub Pages serves it.

In: the folder of a site. Out: an address on this machine where it lies under a sub-path, compressed, and where whatever
is lost gets 404.html. Nothing outside the folder is served, and the server ends with the ``with`` block.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

SUB_PATH = "/gongkai/"
COMPRESSED = (".html", ".css", ".js", ".svg", ".csv", ".txt", ".xml", ".json")


@contextmanager
def served(build: Callable[[str], Path], port: int = 0) -> Iterator[str]:
    """The address of the site that ``build`` makes; it is told the address, and returns the folder."""
    with ThreadingHTTPServer(("127.0.0.1", port), SimpleHTTPRequestHandler) as server:
        address = f"http://localhost:{server.server_port}{SUB_PATH}"
        server.RequestHandlerClass = partial(_Handler, directory=str(build(address)))
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield address
        finally:
            server.shutdown()
            thread.join()


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def translate_path(self, path: str) -> str:
        inside = path.removeprefix(SUB_PATH) if path.startswith(SUB_PATH) else ".outside"
        return super().translate_path(f"/{inside}")

    def send_head(self) -> io.BytesIO | None:
        """A file's headers and content; 404.html for what isn't there."""
        path = Path(self.translate_path(self.path))
        if path.is_dir() and not self.path.split("#")[0].split("?")[0].endswith("/"):
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", f"{self.path}/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        file = path / "index.html" if path.is_dir() else path
        is_there = file.is_file()
        file = file if is_there else Path(self.directory) / "404.html"
        content = file.read_bytes()
        self.send_response(HTTPStatus.OK if is_there else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", self._type_of(file))
        self.send_header("Cache-Control", "max-age=600")
        if file.suffix in COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", ""):
            content = gzip.compress(content, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)

    def _type_of(self, file: Path) -> str:
        kind = str(self.guess_type(str(file)))
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what a browser asks for is the tests' business."""
