"""What a stranger's file may take: the one table of limits, with where each is enforced and why it is what it is.

In: nothing. Out: ``Limits``, and which are in force in this process. A process that reads a file has them put in force
before a parser is given a byte (``gongkai.system.resource_limits``); elsewhere the table's own values hold.
What never happens: a limit decides how a report is read. What comes to one is refused in one line, or its doubt stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

MIB = 1 << 20


def _limit(value: float, where: str, why: str) -> Any:
    """A row of the table. ``where``: the module below ``gongkai`` that holds a file to it."""
    return field(default=value, metadata={"where": where, "why": why})


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit, with its unit in its name."""

    # ------------------------------------------------------------ the process that reads a file
    time_s: float = _limit(
        45.0, "system.sandbox", "wall time of one file; the slowest report known takes a few seconds, read twice"
    )
    time_s_per_scanned_page: float = _limit(
        10.0, "system.sandbox", "more for each page that recognition has begun; a page takes about two seconds"
    )
    memory_mib: int = _limit(
        1536, "system.resource_limits", "memory of one process; a report with text takes about a tenth"
    )
    scan_memory_mib: int = _limit(
        2048, "system.resource_limits", "the same once pages are recognised; a scan takes about a third of it"
    )
    library_mib: int = _limit(
        128,
        "system.forked_step",
        "of that, what the kernel does not count as data: the code of libraries, mapped from their files",
    )
    page_time_s: float = _limit(
        5.0,
        "system.resource_limits",
        "of the processor, for the text and strokes of one page: a dense one takes a tenth of a second",
    )
    step_time_s: float = _limit(
        20.0, "system.forked_step", "of the processor, for a second reading or a look at pages: they take one or two"
    )
    step_memory_mib: int = _limit(1024, "system.forked_step", "memory of such a step, with what the file's process has")
    written_bytes: int = _limit(
        200_000_000, "system.resource_limits", "one file that a process writes: its largest is the copy of the report"
    )

    # ------------------------------------------------------------ any file
    file_bytes: int = _limit(100_000_000, "read", "a whole file is read into memory; reports have up to 30 MB")

    # ------------------------------------------------------------ PDF
    pdf_pages: int = _limit(400, "read.pdf.pages", "a yearbook; reports have up to 60 pages")
    pdf_pages_unseen: int = _limit(
        60, "read.pdf.books", "a longer one must say on its first or last pages, and on some page, what reports say"
    )
    pdf_characters_per_page: int = _limit(
        50_000,
        "read.pdf.pdfium_objects",
        "a page in the smallest print has a fifth; what stands on one line is compared",
    )
    pdf_objects_per_page: int = _limit(50_000, "read.pdf.text_layer", "what is drawn on a page is looked at one by one")
    pdf_form_depth: int = _limit(
        8, "read.pdf.pdfium_objects", "drawings within drawings multiply; word processors nest two"
    )
    pdf_path_segments: int = _limit(
        20_000, "read.pdf.pdfium_objects", "a path of more segments is a drawing (a watermark in outlines), no rule"
    )
    pixels_per_page: int = _limit(
        16_000_000,
        "read.scan.raster",
        "a larger page (a plan, a poster) is rendered coarser; A4 at 200 dpi has 4 million",
    )
    pixels_per_picture: int = _limit(
        150_000_000, "read.scan.raster", "decoding takes one to four bytes a pixel; A3 at 600 dpi has half as many"
    )
    scanned_pages: int = _limit(40, "read.scan.reader", "a page takes about two seconds; scanned reports have up to 20")

    # ------------------------------------------------------------ web pages
    html_bytes: int = _limit(40_000_000, "read.html.reader", "a page with its pictures written into it")
    html_elements: int = _limit(100_000, "read.html.reader", "a long report that Word exported has some ten thousand")
    html_attributes: int = _limit(
        20_000,
        "read.html.reader",
        "of one element, or fewer of many: each is compared with those before; people write ten",
    )
    html_depth: int = _limit(
        12_000,
        "read.html.reader",
        "how deep blocks are nested: a parser looks through all that are open; browsers stop at 512",
    )
    html_restarted: int = _limit(
        3_000_000, "read.html.reader", "elements that a parser adds where formatting never ends: they fill memory"
    )
    css_characters: int = _limit(400_000, "read.html.style", "style sheets are searched for what they hide")
    css_selectors: int = _limit(200, "read.html.style", "each costs a walk through the page")

    # ------------------------------------------------------------ Word files
    part_bytes: int = _limit(64_000_000, "read.docx.ooxml", "one part, unpacked: the longest report known has 1 MB")
    part_elements: int = _limit(600_000, "read.docx.ooxml", "elements of one part: a report has about 6,000")
    zip_members: int = _limit(10_000, "read.docx.ooxml", "each takes memory before one is read: a report has about 20")
    zip_bytes: int = _limit(
        200_000_000, "read.docx.ooxml", "all parts that are read, unpacked: parts may be read again"
    )
    embedded_parts: int = _limit(
        50, "read.docx.reader", "files that stand for text (altChunk), each read by its own reader"
    )
    embedded_depth: int = _limit(2, "read.docx.reader", "Word files in Word files")
    part_depth: int = _limit(
        240, "read.docx.ooxml", "how deep they are nested: a table in a table in a text box takes 30"
    )

    # ------------------------------------------------------------ text
    text_bytes: int = _limit(3_000_000, "read.text", "each line is looked at many times; a report has 30 kB of text")

    def time_limit_s(self, scanned: int) -> float:
        """The wall time of a file of which so many pages were begun to be recognised."""
        return self.time_s + self.time_s_per_scanned_page * min(scanned, self.scanned_pages)


class Row(NamedTuple):
    """A limit as the table has it: ``where`` is the module that enforces it."""

    name: str
    value: float
    where: str
    why: str


LIMITS = Limits()
"""What holds where nobody says otherwise."""

_in_force = LIMITS


def table(limits: Limits = LIMITS) -> tuple[Row, ...]:
    """What is limited, where and why."""
    return tuple(
        Row(own.name, getattr(limits, own.name), f"gongkai.{own.metadata['where']}", own.metadata["why"])
        for own in fields(limits)
    )


def current() -> Limits:
    """The limits in force in this process."""
    return _in_force


def put_in_force(limits: Limits) -> None:
    """From now on these hold in this process."""
    global _in_force  # noqa: PLW0603 - a process reads one file, and readers are many
    _in_force = limits


@contextmanager
def in_force(limits: Limits) -> Iterator[Limits]:
    """These hold meanwhile."""
    before = _in_force
    put_in_force(limits)
    try:
        yield limits
    finally:
        put_in_force(before)
