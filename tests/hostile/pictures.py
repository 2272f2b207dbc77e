"""Pictures that are larger than they look: on a page of a good report, or in the place of its pages."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.hostile.raw import Pdf, flate


def _nothing() -> bytes:
    return b"\0" * 100


GREY = b"/ColorSpace /DeviceGray /BitsPerComponent 8 "
RGB = b"/ColorSpace /DeviceRGB /BitsPerComponent 8 "
BLACK = b"/ColorSpace /DeviceGray /BitsPerComponent 1 "
HUGE = 60_000


def jpx(width: int, height: int, parts: int = 3) -> bytes:
    """A JPEG 2000 codestream of that size in which nothing is coded: a few dozen bytes."""
    size = struct.pack(">HIIIIIIIIH", 0, width, height, 0, 0, width, height, 0, 0, parts) + b"\x07\x01\x01" * parts
    coding = b"\x00\x00\x00\x01\x00" + b"\x00\x04\x04\x00\x01"
    quantum = b"\x40\x40"
    segments = b"".join(
        marker + struct.pack(">H", len(body) + 2) + body
        for marker, body in ((b"\xff\x51", size), (b"\xff\x52", coding), (b"\xff\x5c", quantum))
    )
    packets = b"\x00" * parts
    tile = b"\xff\x90" + struct.pack(">HHIBB", 10, 0, 14 + len(packets), 0, 1) + b"\xff\x93" + packets
    return b"\xff\x4f" + segments + tile + b"\xff\xd9"


def jpeg(width: int, height: int, *, progressive: bool = False) -> bytes:
    """A JPEG of that size whose scan ends where it begins."""
    parts = b"".join(bytes([number, 0x11, 0]) for number in (1, 2, 3))
    frame = struct.pack(">BHHB", 8, height, width, 3) + parts
    table = b"\x00" + b"\x00\x01" + b"\x00" * 14 + b"\x00"
    scan = b"\x03" + b"\x01\x00\x02\x00\x03\x00" + (b"\x00\x00\x00" if progressive else b"\x00\x3f\x00")
    segments = (
        (b"\xff\xdb", b"\x00" + b"\x01" * 64),
        (b"\xff\xc2" if progressive else b"\xff\xc0", frame),
        (b"\xff\xc4", table),
        (b"\xff\xc4", b"\x10" + table[1:]),
        (b"\xff\xda", scan),
    )
    data = b"".join(marker + struct.pack(">H", len(body) + 2) + body for marker, body in segments)
    return b"\xff\xd8" + data + b"\x00" * 16 + b"\xff\xd9"


def jbig2(width: int, height: int) -> bytes:
    """An embedded JBIG2 page of that size with one generic region, whose data ends at once."""
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIB", width, height, 0, 0, 0) + b"\x00" + b"\x03\xff\xfd\xff\x02\xfe\xfe\xfe" + b"\xff\xac"
    return b"".join(
        struct.pack(">IBBBI", number, kind, 0, 1, len(body)) + body
        for number, (kind, body) in enumerate(((48, page), (38, region)))
    )


CODED: dict[str, tuple[Callable[[], bytes], bytes]] = {
    "jpx": (lambda: jpx(HUGE, HUGE), b"/Filter /JPXDecode"),
    "jpx-of-half-a-gigapixel": (lambda: jpx(23_000, 23_000), b"/Filter /JPXDecode"),
    "jpx-of-250-megapixels": (lambda: jpx(16_000, 16_000), b"/Filter /JPXDecode"),
    "jpeg": (lambda: jpeg(HUGE, HUGE), RGB + b"/Filter /DCTDecode"),
    "jpeg-in-passes": (lambda: jpeg(HUGE, HUGE, progressive=True), RGB + b"/Filter /DCTDecode"),
    "jbig2": (lambda: jbig2(HUGE, HUGE), BLACK + b"/Filter /JBIG2Decode"),
    "fax": (
        lambda: b"\x00\x10\x01" * 20,
        BLACK + b"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 60000 /Rows 60000 >>",
    ),
    "zeros": (lambda: flate(b"\0", count=10_000), GREY + b"/Filter /FlateDecode"),
    "zeros-without-end": (lambda: flate(b"\0", 2, count=300_000_000), GREY + b"/Filter [/FlateDecode /FlateDecode]"),
    "bits-without-end": (lambda: flate(b"\0", 2, count=300_000_000), BLACK + b"/Filter [/FlateDecode /FlateDecode]"),
    "runs": (lambda: b"\x81\x00" * 1000, GREY + b"/Filter /RunLengthDecode"),
    "raw": (lambda: b"\0" * 100, RGB),
    "mask": (lambda: b"\0" * 100, b"/ImageMask true /BitsPerComponent 1"),
    "sixteen-bits": (lambda: b"\0" * 100, b"/ColorSpace /DeviceCMYK /BitsPerComponent 16"),
}


def _stamp(data: Callable[[], bytes], entries: bytes, width: int = HUGE, height: int = HUGE) -> Callable[[Pdf], None]:
    return lambda pdf: pdf.draw(pdf.image(width, height, data(), entries))


def _scan(data: Callable[[], bytes], entries: bytes, width: int = HUGE, height: int = HUGE) -> Callable[[Pdf], None]:
    return lambda pdf: pdf.alone(pdf.image(width, height, data(), entries))


def _masked(pdf: Pdf) -> None:
    mask = pdf.image(HUGE, HUGE, b"\0" * 100, GREY)
    pdf.draw(pdf.image(10, 10, b"\0" * 100, GREY + b"/SMask %d 0 R" % mask))


def _masks_itself(pdf: Pdf) -> None:
    own = max(pdf.objects) + 1
    pdf.draw(pdf.image(10, 10, b"\0" * 100, GREY + b"/SMask %d 0 R /Mask %d 0 R" % (own, own)))


def _masks_in_a_row(pdf: Pdf) -> None:
    number = pdf.image(10, 10, b"\0" * 100, GREY)
    for _ in range(5000):
        number = pdf.image(10, 10, b"\0" * 100, GREY + b"/SMask %d 0 R" % number)
    pdf.draw(number)


def _decode_array(pdf: Pdf) -> None:
    pdf.draw(pdf.image(10, 10, b"\0" * 100, GREY + b"/Decode [%s]" % (b"0 1 " * 500_000)))


def _colours_of_colours(pdf: Pdf) -> None:
    number = pdf.add(b"/DeviceGray")
    for _ in range(3000):
        number = pdf.add(b"[/Indexed %d 0 R 255 <%s>]" % (number, b"00" * 256))
    pdf.draw(pdf.image(10, 10, b"\0" * 100, b"/BitsPerComponent 8 /ColorSpace %d 0 R" % number))


def _colours_of_themselves(pdf: Pdf) -> None:
    number = max(pdf.objects) + 1
    pdf.add(b"[/Indexed %d 0 R 255 <%s>]" % (number, b"00" * 256))
    pdf.draw(pdf.image(10, 10, b"\0" * 100, b"/BitsPerComponent 8 /ColorSpace %d 0 R" % number))


def _many_inks(pdf: Pdf) -> None:
    inks = b" ".join(b"/I%d" % number for number in range(50_000))
    space = pdf.add(b"[/DeviceN [%s] /DeviceRGB << /FunctionType 2 /N 1 /Domain [0 1] >>]" % inks)
    pdf.draw(pdf.image(1000, 1000, b"\0" * 100, b"/BitsPerComponent 8 /ColorSpace %d 0 R" % space))


def _predicted(columns: int, colours: int) -> Callable[[Pdf], None]:
    parameters = b"/DecodeParms << /Predictor 15 /Columns %d /Colors %d /BitsPerComponent 8 >>" % (columns, colours)
    return _stamp(lambda: flate(b"\2", count=5000), RGB + b"/Filter /FlateDecode " + parameters, 1000, 1000)


def _inline(pdf: Pdf) -> None:
    pdf.contents(before=[pdf.stream(b"q 40 0 0 40 20 780 cm BI /W 60000 /H 60000 /CS /RGB /BPC 8 ID \0\0\0 EI Q")])


def _many_inline(pdf: Pdf) -> None:
    one = b"q 40 0 0 40 20 780 cm BI /W 2 /H 2 /CS /G /BPC 8 ID 0123 EI Q\n"
    pdf.contents(before=[pdf.packed(one * 50_000)])


def _many(pdf: Pdf) -> None:
    """A thousand pictures of four megapixels each, all drawn."""
    data = flate(b"\0", count=4_000_000)
    entries = GREY + b"/Filter /FlateDecode"
    numbers = [pdf.image(2000, 2000, data, entries) for _ in range(1000)]
    pdf.resources(b"/XObject << %s >>" % b" ".join(b"/X%d %d 0 R" % (n, n) for n in numbers))
    pdf.contents(before=[pdf.stream(b"".join(b"q 40 0 0 40 20 780 cm /X%d Do Q\n" % n for n in numbers))])


def _again_and_again(pdf: Pdf) -> None:
    """One large picture, drawn twenty thousand times."""
    image = pdf.image(3000, 3000, flate(b"\0", count=9_000_000), GREY + b"/Filter /FlateDecode")
    pdf.resources(b"/XObject << /X %d 0 R >>" % image)
    pdf.contents(before=[pdf.packed(b"q 40 0 0 40 20 780 cm /X Do Q\n" * 20_000)])


def _in_a_form(pdf: Pdf) -> None:
    image = pdf.image(16_000, 16_000, jpx(16_000, 16_000), b"/Filter /JPXDecode")
    pdf.draw(pdf.form(b"q 40 0 0 40 20 780 cm /I Do Q", b"/Resources << /XObject << /I %d 0 R >> >>" % image), b"/X Do")


def _in_a_pattern(pdf: Pdf) -> None:
    image = pdf.image(16_000, 16_000, jpx(16_000, 16_000), b"/Filter /JPXDecode")
    resources = b"/Resources << /XObject << /I %d 0 R >> >>" % image
    entries = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 "
    pattern = pdf.stream(b"q 9 0 0 9 0 0 cm /I Do Q", entries + resources)
    pdf.resources(b"/Pattern << /P %d 0 R >>" % pattern)
    pdf.contents(before=[pdf.stream(b"q /Pattern cs /P scn 20 780 40 40 re f Q")])


def _in_an_annotation(pdf: Pdf) -> None:
    image = pdf.image(16_000, 16_000, jpx(16_000, 16_000), b"/Filter /JPXDecode")
    form = pdf.form(b"q 40 0 0 40 0 0 cm /I Do Q", b"/Resources << /XObject << /I %d 0 R >> >>" % image)
    note = pdf.add(b"<< /Type /Annot /Subtype /Stamp /F 4 /Rect [20 780 60 820] /AP << /N %d 0 R >> >>" % form)
    pdf.replace(pdf.page, b"/Type /Page", b"/Type /Page /Annots [%d 0 R]" % note)


def _size_elsewhere(pdf: Pdf) -> None:
    """Its width and height stand in objects of their own."""
    size = pdf.add(b"16000")
    entries = b"/Type /XObject /Subtype /Image /Width %d 0 R /Height %d 0 R /Filter /JPXDecode" % (size, size)
    pdf.draw(pdf.stream(jpx(16_000, 16_000), entries))


def _names_in_disguise(pdf: Pdf) -> None:
    entries = b"/Type /XObject /Subtype /Im#61ge /W#69dth 16000 /Hei#67ht 16000 /Filter /JPX#44ecode"
    pdf.draw(pdf.stream(jpx(16_000, 16_000), entries))


def _says_it_is_small(pdf: Pdf) -> None:
    """A JPEG 2000 that has more pixels than its dictionary says."""
    pdf.draw(pdf.image(100, 100, jpx(16_000, 16_000), b"/Filter /JPXDecode"))


def _says_it_is_small_as_jpeg(pdf: Pdf) -> None:
    pdf.draw(pdf.image(100, 100, jpeg(HUGE, HUGE, progressive=True), RGB + b"/Filter /DCTDecode"))


KINDS: dict[str, Callable[[Pdf], None]] = {
    **{f"picture-{name}": _stamp(*coded) for name, coded in CODED.items()},
    **{f"scan-{name}": _scan(*coded) for name, coded in CODED.items()},
    "picture-as-wide-as-can-be": _stamp(_nothing, GREY, 2**31 - 1, 1),
    "picture-as-large-as-can-be": _stamp(_nothing, GREY, 2**31 - 1, 2**31 - 1),
    "picture-of-negative-size": _stamp(_nothing, GREY, -5, -5),
    "picture-of-no-size": _stamp(_nothing, GREY, 0, 0),
    "picture-masked-hugely": _masked,
    "picture-masked-by-itself": _masks_itself,
    "picture-masks-in-a-row": _masks_in_a_row,
    "picture-decode-array": _decode_array,
    "picture-colours-of-colours": _colours_of_colours,
    "picture-colours-of-themselves": _colours_of_themselves,
    "picture-of-many-inks": _many_inks,
    "picture-predicted-in-huge-rows": _predicted(2**31 - 1, 32),
    "picture-predicted-in-long-rows": _predicted(2**26, 4),
    "picture-inline": _inline,
    "pictures-inline": _many_inline,
    "pictures-by-the-thousand": _many,
    "picture-drawn-again-and-again": _again_and_again,
    "picture-in-a-form": _in_a_form,
    "picture-in-a-pattern": _in_a_pattern,
    "picture-in-an-annotation": _in_an_annotation,
    "picture-whose-size-stands-elsewhere": _size_elsewhere,
    "picture-with-names-in-disguise": _names_in_disguise,
    "picture-that-says-it-is-small": _says_it_is_small,
    "picture-that-says-it-is-small-as-jpeg": _says_it_is_small_as_jpeg,
}
