"""Streams that are longer than they look, or don't end as they should: content of a good report's page."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from tests.hostile.raw import Pdf, flate

NOTHING = b" " * 64
LINE = b"0 0 m 9 9 l n\n"


def lzw(length: int) -> bytes:
    """At least so many spaces as LZW: until the table is full, each code stands for one more than the one before."""
    out = bytearray()
    pending, count = 256, 9
    run, width = 1, 9
    while length > 0:
        pending, count = pending << width | (32 if run == 1 else 256 + run), count + width
        length -= run
        width = 9 + (run >= 254) + (run >= 766) + (run >= 1790)
        run += 1
        if run == 3800:
            pending, count = pending << width | 256, count + width
            run, width = 1, 9
        out += (pending >> count % 8).to_bytes(count // 8, "big")
        count %= 8
        pending &= (1 << count) - 1
    pending, count = pending << width | 257, count + width
    return bytes(out) + (pending << -count % 8).to_bytes((count + 7) // 8, "big")


def _content(data: Callable[[], bytes], entries: bytes, length: bytes | None = None) -> Callable[[Pdf], None]:
    return lambda pdf: pdf.contents(before=[pdf.stream(data(), entries, length)])


def _filters(names: bytes) -> bytes:
    return b"/Filter [%s]" % names


def _bomb(what: bytes, count: int, times: int) -> Callable[[Pdf], None]:
    return lambda pdf: pdf.contents(before=[pdf.packed(what, times=times, count=count)])


def _truncated(count: int, left: float) -> Callable[[Pdf], None]:
    """A stream that breaks off."""

    def make(pdf: Pdf) -> None:
        data = flate(NOTHING, count=count)
        pdf.contents(before=[pdf.stream(data[: int(len(data) * left)], b"/Filter /FlateDecode")])

    return make


def _checksum_wrong(pdf: Pdf) -> None:
    pdf.contents(before=[pdf.stream(flate(NOTHING, count=4_000_000)[:-4] + b"\0\0\0\0", b"/Filter /FlateDecode")])


def _stored(count: int) -> bytes:
    """Stored, not compressed, and broken off: long as it is."""
    return zlib.compress(NOTHING * count, 0)[:-100]


def _predictor(columns: int) -> Callable[[Pdf], None]:
    parameters = b"/DecodeParms << /Predictor 15 /Columns %d /Colors 32 /BitsPerComponent 16 >>" % columns
    return _content(lambda: flate(b"\2", count=5000), b"/Filter /FlateDecode " + parameters)


def _of_a_font(entry: bytes) -> Callable[[Pdf], None]:
    """A stream that belongs to the font of the report's text, and is a bomb."""

    def make(pdf: Pdf) -> None:
        bomb = pdf.packed(NOTHING, times=2, count=6_000_000)
        font = next(n for n, body in pdf.objects.items() if b"/UniGB-UCS2-H" in body)
        pdf.replace(font, b"/Type /FontDescriptor", b"/Type /FontDescriptor " + entry % bomb)

    return make


def _to_unicode(pdf: Pdf) -> None:
    bomb = pdf.packed(NOTHING, times=2, count=6_000_000)
    font = next(n for n, body in pdf.objects.items() if b"/UniGB-UCS2-H" in body)
    pdf.replace(font, b"/Encoding /UniGB-UCS2-H", b"/Encoding /UniGB-UCS2-H /ToUnicode %d 0 R" % bomb)


def _length_of_itself(pdf: Pdf) -> None:
    number = max(pdf.objects) + 1
    pdf.contents(before=[pdf.stream(NOTHING, length=b"%d 0 R" % number)])


def _metadata(pdf: Pdf) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><x>&a11;</x>'
    number = pdf.stream(text.encode(), b"/Type /Metadata /Subtype /XML")
    pdf.replace(pdf.root, b"/Type /Catalog", b"/Type /Catalog /Metadata %d 0 R" % number)


def _many_parts(pdf: Pdf) -> None:
    part = pdf.packed(NOTHING, count=100_000)
    pdf.contents(before=[part] * 3000)


KINDS: dict[str, Callable[[Pdf], None]] = {
    "stream-of-nothing-384-megabytes": _bomb(NOTHING, 6_000_000, 1),
    "stream-of-lines-million": _bomb(LINE, 1_000_000, 2),
    "stream-of-lines-three-million": _bomb(LINE, 3_000_000, 2),
    "stream-of-strokes-200-thousand": _bomb(b"20 800 m 29 809 l S\n", 200_000, 2),
    "stream-of-rules-200-thousand": _bomb(b"20 800 m 29 800 l S\n", 200_000, 2),
    "stream-of-dots-200-thousand": _bomb(b"20 800 1 1 re f\n", 200_000, 2),
    "stream-of-text": _bomb(b"BT /F1 6 Tf 20 800 Td (12) Tj ET\n", 20_000, 2),
    "stream-packed-three-times": _bomb(NOTHING, 15_000_000, 3),
    "stream-of-lzw": _content(lambda: lzw(200_000_000), _filters(b"/LZWDecode")),
    "stream-of-lzw-in-flate": _content(lambda: flate(lzw(400_000_000)), _filters(b"/FlateDecode /LZWDecode")),
    "stream-of-runs": _content(lambda: flate(b"\x81 ", count=3_000_000), _filters(b"/FlateDecode /RunLengthDecode")),
    "stream-of-zeros-in-ascii": _content(
        lambda: flate(b"z", count=60_000_000), _filters(b"/FlateDecode /ASCII85Decode")
    ),
    "stream-of-hex": _content(lambda: flate(b"20", count=100_000_000), _filters(b"/FlateDecode /ASCIIHexDecode")),
    "stream-of-a-thousand-filters": _content(lambda: b"20" * 100, _filters(b"/ASCIIHexDecode " * 1000)),
    "stream-with-a-filter-that-nobody-knows": _content(lambda: b"20" * 100, _filters(b"/Nobody")),
    "stream-of-crypt": _content(lambda: b"20" * 100, _filters(b"/Crypt")),
    "stream-as-a-picture": _content(lambda: b"20" * 100, _filters(b"/JPXDecode /DCTDecode /JBIG2Decode")),
    "stream-broken-off": _truncated(4_000_000, 0.5),
    "stream-broken-off-at-its-end": _truncated(4_000_000, 0.99),
    "stream-stored-and-broken-off": _content(lambda: _stored(200_000), b"/Filter /FlateDecode"),
    "stream-with-a-wrong-checksum": _checksum_wrong,
    "stream-predicted-in-huge-rows": _predictor(2**31 - 1),
    "stream-predicted-in-long-rows": _predictor(2**26),
    "stream-of-negative-length": _content(lambda: NOTHING, b"", b"-5"),
    "stream-of-huge-length": _content(lambda: NOTHING, b"", b"99999999999"),
    "stream-whose-length-is-itself": _length_of_itself,
    "stream-in-three-thousand-parts": _many_parts,
    "font-file-of-nothing": _of_a_font(b"/FontFile3 %d 0 R"),
    "characters-map-of-nothing": _to_unicode,
    "metadata-that-laugh": _metadata,
}
