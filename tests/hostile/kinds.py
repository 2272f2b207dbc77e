"""Every kind of hostile PDF by name, and how each must end.

In: nothing. Out: ``KINDS``; the line (a regular expression) with which one ends that is not read; and those that take
too long for each run of the tests. All others are read: each figure is right, or left empty and named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.hostile import drawing, fonts, pictures, streams, structure
from tests.hostile.raw import Pdf

KINDS: Mapping[str, Callable[[Pdf], bytes | None]] = {
    **pictures.KINDS,
    **streams.KINDS,
    **structure.KINDS,
    **drawing.KINDS,
    **fonts.KINDS,
}

TOO_MUCH = "draws more than a report does|a page of it takes more than|takes more than"
DAMAGED = "damaged"
LOCKED = "encrypted with a password"
NO_REPORT = "not an annual report|no readable requests table"

REFUSED: Mapping[str, str] = {
    **{name: rf"a picture of \d+ pixels on a page|{NO_REPORT}" for name in KINDS if name.startswith("scan-")},
    "arrays-in-content": NO_REPORT,
    "strings-in-content": NO_REPORT,
    "pages-doubled-thirty-times": "several reports in one file",
    "pages-missing-by-the-million": "1000002 pages: not a report",
    "pages-ten-thousand": "10002 pages: not a report",
    "page-a-hundred-thousand-times": "100000 pages: not a report",
    **dict.fromkeys(
        (
            "cut-before-its-end",
            "cut-in-half",
            "nothing-but-a-header",
            "objects-by-the-million",
            "objects-that-never-begin",
            "pages-deep",
            "pages-of-themselves",
            "references-missing",
            "web-page-behind-a-header",
            "zeros-behind-a-header",
        ),
        DAMAGED,
    ),
    **dict.fromkeys((name for name in KINDS if name.startswith("encrypted-")), LOCKED),
    **dict.fromkeys(
        (
            "brackets-behind-a-header",
            "form-of-itself",
            "form-of-itself-by-the-page",
            "forms-of-each-other",
            "forms-of-text-in-six-levels",
            "forms-ten-times-in-ten-levels",
            "forms-twice-in-thirty-levels",
            "large-form-again-and-again",
            "letters-a-million-in-one-string",
            "marks-never-ended",
            "shading-by-functions-in-levels",
            "stream-in-three-thousand-parts",
            "stream-packed-three-times",
        ),
        TOO_MUCH,
    ),
}

LONG = frozenset(
    {
        "stream-stored-and-broken-off",
        "stream-of-text",
        "stream-of-lines-million",
        "letters-a-million-in-one-string",
        "widths-of-many-ranges",
        "font-file-of-nothing",
        "stream-of-runs",
        "forms-by-the-thousand",
        "program-as-postscript",
        "characters-map-of-nothing",
        "characters-of-all-codes",
        "characters-of-long-texts",
        "characters-of-many-ranges",
        "codes-of-many-ranges",
        "content-that-never-ends-behind",
        "curves-half-a-million",
        "dashes-of-huge-count",
        "dictionaries-in-content",
        "differences-a-million",
        "fonts-by-the-thousand",
        "form-of-itself-by-the-page",
        "forms-of-each-other",
        "forms-of-text-in-six-levels",
        "forms-twice-in-thirty-levels",
        "glyphs-in-levels",
        "letters-in-every-direction",
        "letters-on-one-line",
        "letters-on-one-place",
        "lines-twenty-thousand",
        "marks-never-ended",
        "objects-by-the-million",
        "objects-that-never-begin",
        "operands-without-operator",
        "page-with-a-hundred-thousand-notes",
        "page-with-a-hundred-thousand-squares",
        "path-of-half-a-million-parts",
        "paths-a-million-clipped",
        "picture-bits-without-end",
        "picture-decode-array",
        "picture-drawn-again-and-again",
        "picture-fax",
        "picture-jbig2",
        "picture-mask",
        "picture-that-says-it-is-small",
        "pictures-by-the-thousand",
        "pictures-inline",
        "rectangles-a-million",
        "shading-by-functions-in-levels",
        "shading-of-free-triangles",
        "soft-mask-of-itself",
        "states-never-restored",
        "states-restored-too-often",
        "stream-broken-off-at-its-end",
        "stream-in-three-thousand-parts",
        "stream-of-dots-200-thousand",
        "stream-of-hex",
        "stream-of-lines-three-million",
        "stream-of-lzw",
        "stream-of-lzw-in-flate",
        "stream-of-nothing-384-megabytes",
        "stream-of-rules-200-thousand",
        "stream-of-strokes-200-thousand",
        "stream-of-zeros-in-ascii",
        "stream-packed-three-times",
        "stream-with-a-wrong-checksum",
        "text-never-ended",
        "title-of-ten-megabytes",
        "widths-a-million",
        "widths-beside-a-million",
        "widths-of-all-codes",
        "words-that-are-no-operators",
    }
)
"""Those that take seconds: measured by hand, not in each run of the tests."""


def write(name: str, report: bytes) -> bytes:
    """A good report, as reportlab wrote it, with that kind of harm in it."""
    pdf = Pdf(report)
    made = KINDS[name](pdf)
    return bytes(pdf) if made is None else made
