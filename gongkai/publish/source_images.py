"""The pages of a report on which its figures stand -> pictures that its source view shows.

In: the PDFs that agencies published, a page list each, and the pictures of an earlier build. Out: a folder a report
with one WebP a page, at most ``SIZE_LIMIT`` bytes each, and ``pages.json``, which says what they show and what made
them, so that the next build takes them over. A stranger's PDF is drawn in a process of its own: one that can't be drawn
costs its pictures and no page. Nothing is enlarged, retouched or recognised: it is the page, in shades of grey.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from PIL import Image

from gongkai.package.folder import is_regular
from gongkai.system.sandbox import run_in_sandbox

SourceImages = Literal["none", "new", "all"]

SIZE_LIMIT = 60_000
"""Bytes of one picture."""
MANIFEST = "pages.json"

_MANIFEST_LIMIT = 64_000
_SCALES = (2.0, 1.6, 1.3, 1.0, 0.75)
"""Pixels a point: twice what a page is wide on a screen, then less, until the picture is small enough."""
_GREYS = 8
_QUALITIES = (50, 25, 5)
"""For scans, whose noise no lossless picture can hold."""
_MOST_PIXELS = 4_000_000
"""A page larger than A4 is drawn at fewer pixels a point."""


@dataclass(frozen=True, slots=True)
class Order:
    """Pictures that a report needs: ``pages`` of ``original`` (from 1), into ``folder``.

    ``earlier`` is a folder that may have them.
    """

    original: Path
    pages: tuple[int, ...]
    folder: Path
    earlier: Path | None = None


@dataclass(frozen=True, slots=True)
class PageImage:
    """The picture of one page: its file, and the page's size in points, as it is shown."""

    page: int
    name: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Job:
    """An order that must be drawn, and the folder in which a child draws it."""

    order: Order
    scratch: Path


def draw_pages(orders: Iterable[Order], jobs: int, scratch: Path) -> Iterator[str]:
    """Have every order's pictures in its folder; a line for each report that could not be drawn.

    ``scratch`` is an empty folder on the same file system.
    """
    with closing(run_in_sandbox(_jobs(orders, scratch), _draw, jobs)) as ended:
        for job, problem in ended:
            if images := page_images(job.scratch):
                _take(images.values(), job.scratch, job.order)
            else:
                why = problem or "its pages could not be drawn; the file may be damaged: save it anew"
                yield f"{job.order.original}: no page pictures: {why}"
            shutil.rmtree(job.scratch, ignore_errors=True)


def page_images(folder: Path) -> Mapping[int, PageImage]:
    """The pictures in a folder by page: only those that are whole and small enough."""
    images = (_image(entry) for entry in _manifest(folder).get("pages", ()) if isinstance(entry, dict))
    return {image.page: image for image in images if image and _is_picture(folder / image.name)}


def _jobs(orders: Iterable[Order], scratch: Path) -> Iterator[_Job]:
    """The orders that must be drawn; the others' pictures are taken over from the earlier build."""
    for number, order in enumerate(orders):
        if order.earlier and _manifest(order.earlier).get("made_of") == _made_of(order):
            images = page_images(order.earlier)
            if set(images) == set(order.pages):
                _take(images.values(), order.earlier, order)
                continue
        yield _Job(order, scratch / str(number))


def _take(images: Iterable[PageImage], source: Path, order: Order) -> None:
    """Copy pictures into the order's folder, and nothing else that lies beside them."""
    order.folder.mkdir(parents=True)
    taken = []
    for image in images:
        if image.page in order.pages:
            shutil.copyfile(source / image.name, order.folder / image.name, follow_symlinks=False)
            taken.append(asdict(image))
    text = json.dumps({"made_of": _made_of(order), "pages": taken}, indent=1)
    (order.folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def _made_of(order: Order) -> dict[str, Any]:
    """What decides the bytes of an order's pictures."""
    with order.original.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    ours = hashlib.sha256(Path(__file__).read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:16]
    libraries = {name: version(name) for name in ("pillow", "pypdfium2")}
    return {"source": f"sha256:{digest}", "pages": list(order.pages), "drawn_by": {"gongkai": ours, **libraries}}


# ---------------------------------------------------------------- in the child


def _draw(job: _Job) -> None:
    """Draw the pages of one report. What fails is missing afterwards."""
    from gongkai.read.pdf.pdfium import pdfium

    job.scratch.mkdir(parents=True)
    images = []
    with pdfium.PdfDocument(job.order.original) as pdf:
        for number in (number for number in job.order.pages if number <= len(pdf)):
            page = pdf[number - 1]
            width, height = page.get_size()
            if content := _smallest(page, width, height):
                image = PageImage(number, f"page-{number}.webp", round(width, 2), round(height, 2))
                (job.scratch / image.name).write_bytes(content)
                images.append(asdict(image))
    (job.scratch / MANIFEST).write_text(json.dumps({"pages": images}), encoding="utf-8")


def _smallest(page: Any, width: float, height: float) -> bytes | None:
    """The sharpest picture of a page that is small enough; ``None`` if none is."""
    most = (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5
    pictures: list[Image.Image] = []

    def at_each_scale() -> Iterator[Image.Image]:
        """The page at each scale, drawn once, and as soon as it is asked for: most pages are at the first."""
        for number, scale in enumerate(_SCALES):
            if number == len(pictures):
                drawn = page.render(scale=min(scale, most), grayscale=True)
                pictures.append(drawn.to_pil().convert("L"))
            yield pictures[number]

    step = 255 / (_GREYS - 1)
    greys = [round(round(value / step) * step) for value in range(256)]
    for picture in at_each_scale():
        if len(content := _webp(picture.point(greys), lossless=True, quality=60)) <= SIZE_LIMIT:
            return content
    for quality in _QUALITIES:
        for picture in at_each_scale():
            if len(content := _webp(picture, quality=quality)) <= SIZE_LIMIT:
                return content
    return None


def _webp(picture: Image.Image, **how: Any) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "WEBP", method=4, **how)
    return stream.getvalue()


# ---------------------------------------------------------------- what a child, or an earlier build, left


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        if not is_regular(path) or path.stat().st_size > _MANIFEST_LIMIT:
            return {}
        manifest = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return manifest if isinstance(manifest, dict) and isinstance(manifest.get("pages"), list) else {}


def _image(entry: Mapping[str, Any]) -> PageImage | None:
    page, sides = entry.get("page"), [entry.get("width"), entry.get("height")]
    width, height = (float(side) if isinstance(side, int | float) and 0 < side < 100_000 else 0.0 for side in sides)
    if not isinstance(page, int) or not 0 < page < 10_000 or not width or not height:
        return None
    return PageImage(page, f"page-{page}.webp", width, height)


def _is_picture(path: Path) -> bool:
    try:
        if not is_regular(path) or path.stat().st_size > SIZE_LIMIT:
            return False
        with path.open("rb") as file:
            head = file.read(12)
    except OSError:
        return False
    return head[:4] == b"RIFF" and head[8:] == b"WEBP"
