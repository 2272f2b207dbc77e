"""Documents whose parts refer to themselves, are missing, or are far more than a report's: around a good report."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

from tests.hostile.raw import Pdf, flate

Make = Callable[[Pdf], bytes | None]

# ---------------------------------------------------------------- cross references


def _tail(pdf: Pdf, trailer: bytes) -> bytes:
    """The document with more in its trailer."""
    pdf.trailer = trailer
    return bytes(pdf)


def _prev_of_itself(pdf: Pdf) -> bytes:
    data = bytes(pdf)
    start = re.search(rb"startxref\n(\d+)", data)
    assert start
    return _tail(pdf, b"/Prev " + start[1])


def _prev_in_a_ring(pdf: Pdf) -> bytes:
    """Two cross-reference tables, each before the other."""
    data = bytes(pdf)
    start = re.search(rb"startxref\n(\d+)", data)
    assert start
    more = b"xref\n0 0\ntrailer\n<< /Size 100 /Root %d 0 R /Prev %s >>\n" % (pdf.root, start[1])
    pdf.trailer = b"/Prev %010d" % (len(data) + 14)
    data = bytes(pdf)
    return data + more + b"startxref\n%d\n%%%%EOF\n" % len(data)


def _table_without_end(pdf: Pdf) -> bytes:
    return re.sub(rb"xref\n0 \d+", b"xref\n0 2147483647", bytes(pdf))


def _no_table(pdf: Pdf) -> bytes:
    return bytes(pdf).partition(b"xref\n0 ")[0]


def _table_of_nonsense(pdf: Pdf) -> bytes:
    return re.sub(rb"\d{10} 00000 n", b"9999999999 00000 n", bytes(pdf))


def _start_of_nonsense(pdf: Pdf) -> bytes:
    return re.sub(rb"startxref\n\d+", b"startxref\n18446744073709551616", bytes(pdf))


def _as_a_stream(pdf: Pdf, *, packed: bool, entries: bytes = b"", widths: bytes = b"[1 4 2]") -> bytes:
    """The document with a cross-reference stream, and what is no stream within an object stream."""
    loose = {n: body for n, body in pdf.objects.items() if b"\nstream\n" not in body} if packed else {}
    for number in loose:
        del pdf.objects[number]
    container = max([*loose, *pdf.objects]) + 1
    if loose:
        heads, bodies = b"", b""
        for number, body in loose.items():
            heads += b"%d %d " % (number, len(bodies))
            bodies += body + b"\n"
        pdf.objects[container] = b"<< /Type /ObjStm /N %d /First %d /Length %d %s >>\nstream\n%s\nendstream" % (
            len(loose), len(heads), len(heads + bodies), entries.replace(b"%", b"%d" % container), heads + bodies,
        )  # fmt: skip
    data, places = pdf.body()
    own = container + 1
    rows = b""
    order = list(loose)
    for number in range(own + 1):
        if number in loose:
            rows += struct.pack(">BIH", 2, container, order.index(number))
        elif number == own:
            rows += struct.pack(">BIH", 1, len(data), 0)
        else:
            rows += struct.pack(">BIH", int(number in places), places.get(number, 0), 0)
    head = b"/Type /XRef /Size %d /Root %d 0 R /Info %d 0 R /W %s" % (own + 1, pdf.root, pdf.info, widths)
    stream = b"%d 0 obj\n<< %s %s /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    more = stream % (own, head, entries.replace(b"%", b"%d" % len(data)), len(rows), rows)
    return data + more + b"startxref\n%d\n%%%%EOF\n" % len(data)


def in_object_streams(pdf: Pdf) -> bytes:
    return _as_a_stream(pdf, packed=True)


def _object_stream_of_itself(pdf: Pdf) -> bytes:
    return _as_a_stream(pdf, packed=True, entries=b"/Extends % 0 R")


def _stream_prev_of_itself(pdf: Pdf) -> bytes:
    return _as_a_stream(pdf, packed=False, entries=b"/Prev %")


def _stream_index_without_end(pdf: Pdf) -> bytes:
    return _as_a_stream(pdf, packed=False, entries=b"/Index [0 2147483647]")


def _stream_wide(pdf: Pdf) -> bytes:
    return _as_a_stream(pdf, packed=False, widths=b"[2147483647 2147483647 2]")


def _object_stream_inside_itself(pdf: Pdf) -> bytes:
    """The cross-reference stream says of the object stream that it lies within itself."""
    data = _as_a_stream(pdf, packed=True)
    container = max(pdf.objects)
    data, _, rows = data.rpartition(b"\nstream\n")
    place = 7 * container
    return data + b"\nstream\n" + rows[:place] + struct.pack(">BIH", 2, container, 0) + rows[place + 7 :]


def _object_stream_of_a_million(pdf: Pdf) -> bytes:
    data = flate(b"0 0 ", count=1_000_000)
    pdf.stream(data, b"/Type /ObjStm /N 1000000 /First 4000000 /Filter /FlateDecode")
    return bytes(pdf)


def _size_without_end(pdf: Pdf) -> bytes:
    return re.sub(rb"/Size \d+", b"/Size 2147483647", bytes(pdf))


def _ten_thousand_updates(pdf: Pdf) -> bytes:
    """A table after another, each before the next."""
    data = bytearray(bytes(pdf))
    start = re.search(rb"startxref\n(\d+)", data)
    assert start
    before = int(start[1])
    for _ in range(10_000):
        here = len(data)
        data += b"xref\n0 0\ntrailer\n<< /Size 99 /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
            pdf.root, before, here,
        )  # fmt: skip
        before = here
    return bytes(data)


def _objects_million(pdf: Pdf) -> bytes:
    """A million small objects and no table: whoever repairs the file sees them all."""
    return bytes(pdf).partition(b"xref\n0 ")[0] + b"".join(b"%d 0 obj\n1\nendobj\n" % n for n in range(100, 1_000_100))


# ---------------------------------------------------------------- the page tree


def _kids(pdf: Pdf, kids: bytes, count: int) -> None:
    pdf.objects[pdf.tree] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids)


def _refs(pdf: Pdf) -> bytes:
    return b" ".join(b"%d 0 R" % page for page in pdf.pages)


def _tree_of_itself(pdf: Pdf) -> None:
    _kids(pdf, b"%s %d 0 R" % (_refs(pdf), pdf.tree), 3)


def _tree_in_a_ring(pdf: Pdf) -> None:
    inner = pdf.add(b"<< /Type /Pages /Count 5 /Kids [%d 0 R] >>" % pdf.tree)
    _kids(pdf, b"%s %d 0 R" % (_refs(pdf), inner), 7)


def _tree_of_a_million(pdf: Pdf) -> None:
    _kids(pdf, b"%s %s" % (_refs(pdf), b"999999 0 R " * 1_000_000), 1_000_002)


def _tree_doubled(pdf: Pdf) -> None:
    """Each of thirty nodes has the next one twice."""
    node = pdf.page
    for level in range(30):
        node = pdf.add(b"<< /Type /Pages /Count %d /Kids [%d 0 R %d 0 R] >>" % (2**level, node, node))
    _kids(pdf, b"%s %d 0 R" % (_refs(pdf), node), len(pdf.pages) + 2)


def _tree_deep(pdf: Pdf) -> None:
    number = pdf.pages[-1]
    for _ in range(3_000):
        number = pdf.add(b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % number)
    _kids(pdf, b"%d 0 R %d 0 R" % (pdf.page, number), 2)


def _count(number: int) -> Callable[[Pdf], None]:
    return lambda pdf: pdf.replace(pdf.tree, b"/Count %d" % len(pdf.pages), b"/Count %d" % number)


def _parent_of_itself(pdf: Pdf) -> None:
    pdf.objects[pdf.page] = re.sub(rb"/Parent \d+", b"/Parent %d" % pdf.page, pdf.objects[pdf.page])
    pdf.objects[pdf.page] = re.sub(rb"/MediaBox \[[^]]*\]|/CropBox \[[^]]*\]", b"", pdf.objects[pdf.page])


def _more_pages(count: int, text: bytes = b"") -> Callable[[Pdf], None]:
    """So many further pages, with a line each."""

    def make(pdf: Pdf) -> None:
        font = re.search(rb"/Font \d+ 0 R", pdf.objects[pdf.page])
        assert font
        content = pdf.stream(b"BT /F1 11 Tf 70 700 Td (%s) Tj ET" % text)
        one = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << %s >> >>"
        more = [pdf.add(one % (pdf.tree, content, font[0])) for _ in range(count)]
        _kids(pdf, b" ".join(b"%d 0 R" % page for page in [*pdf.pages, *more]), len(pdf.pages) + count)

    return make


def _one_page_often(pdf: Pdf) -> None:
    _kids(pdf, b"%d 0 R " % pdf.page * 100_000, 100_000)


# ---------------------------------------------------------------- what a page is


def _page_entry(entry: bytes, *, instead: bytes = b"") -> Callable[[Pdf], None]:
    def make(pdf: Pdf) -> None:
        for page in pdf.pages:
            if instead:
                pdf.objects[page] = re.sub(instead, b"", pdf.objects[page])
            pdf.replace(page, b"/Type /Page", b"/Type /Page " + entry)

    return make


def _box(box: bytes) -> Callable[[Pdf], None]:
    return _page_entry(b"/MediaBox [%s]" % box, instead=rb"/MediaBox \[[^]]*\]|/CropBox \[[^]]*\]")


def _deep(opening: bytes, closing: bytes, depth: int = 100_000) -> Callable[[Pdf], None]:
    """Something nested so deep, in the first page's dictionary."""
    return lambda pdf: pdf.replace(pdf.page, b"/Type /Page", b"/Type /Page /Deep " + opening * depth + closing * depth)


def _annotations(count: int, entries: bytes) -> Callable[[Pdf], None]:
    def make(pdf: Pdf) -> None:
        one = b"<< /Type /Annot /Rect [20 780 60 820] %s >> " % entries
        pdf.replace(pdf.page, b"/Type /Page", b"/Type /Page /Annots [%s]" % (one * count))

    return make


def _catalog(entries: bytes) -> Callable[[Pdf], None]:
    return lambda pdf: pdf.replace(pdf.root, b"/Type /Catalog", b"/Type /Catalog " + entries)


def _outline_in_a_ring(pdf: Pdf) -> None:
    number = max(pdf.objects) + 1
    pdf.add(b"<< /Title (a) /First %d 0 R /Next %d 0 R /Last %d 0 R >>" % (number, number, number))
    _catalog(b"/Outlines %d 0 R" % number)(pdf)


def _structure_in_a_ring(pdf: Pdf) -> None:
    number = max(pdf.objects) + 1
    pdf.add(b"<< /Type /StructTreeRoot /S /Table /K [%d 0 R %d 0 R] /P %d 0 R >>" % (number, number, number))
    _catalog(b"/StructTreeRoot %d 0 R /MarkInfo << /Marked true >>" % number)(pdf)


def _reference_of_itself(pdf: Pdf) -> None:
    number = max(pdf.objects) + 1
    pdf.add(b"%d 0 R" % number)
    pdf.replace(pdf.page, b"/Rotate 0", b"/Rotate %d 0 R" % number)


def _contents_of_itself(pdf: Pdf) -> None:
    number = max(pdf.objects) + 1
    pdf.add(b"[%d 0 R]" % number)
    pdf.contents(before=[number])


def _resources_of_themselves(pdf: Pdf) -> None:
    number = max(pdf.objects) + 1
    pdf.add(b"<< /XObject %d 0 R /Font %d 0 R /ExtGState %d 0 R >>" % (number, number, number))
    pdf.resources(b"/XObject %d 0 R" % number)


def _fields(pdf: Pdf) -> None:
    number = max(pdf.objects) + 1
    pdf.add(b"<< /FT /Tx /T (a) /Kids [%d 0 R %d 0 R] /Parent %d 0 R >>" % (number, number, number))
    _catalog(b"/AcroForm << /Fields [%d 0 R] /NeedAppearances true /XFA (x) >>" % number)(pdf)


def _files(pdf: Pdf) -> None:
    file = pdf.packed(b"MZ" * 5_000_000, b"/Type /EmbeddedFile")
    spec = pdf.add(b"<< /Type /Filespec /F (../../run.exe) /EF << /F %d 0 R >> >>" % file)
    _catalog(b"/Names << /EmbeddedFiles << /Names [(a) %d 0 R] >> >>" % spec)(pdf)


def _script(pdf: Pdf) -> None:
    script = b"<< /S /JavaScript /JS (while \\(true\\) app.alert\\(1\\)) >>"
    launch = b"<< /S /Launch /F (/bin/sh) /Win << /F (cmd.exe) >> >>"
    _catalog(b"/OpenAction %s /AA << /WC %s >> /Names << /JavaScript << /Names [(a) %s] >> >>" % (
        launch, script, script,
    ))(pdf)  # fmt: skip
    pdf.replace(pdf.page, b"/Type /Page", b"/Type /Page /AA << /O %s >>" % script)


def _info(entry: bytes, text: bytes) -> Callable[[Pdf], None]:
    return lambda pdf: pdf.replace(
        pdf.info, entry + re.findall(rb" \([^)]*\)", pdf.objects[pdf.info].split(entry)[1])[0], entry + b" " + text
    )


def _encrypted(entries: bytes) -> Callable[[Pdf], bytes]:
    identity = b" /ID [<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]"
    return lambda pdf: _tail(pdf, b"/Encrypt << /Filter /Standard %s >>" % entries + identity)


def _encrypted_by_itself(pdf: Pdf) -> bytes:
    number = max(pdf.objects) + 1
    pdf.add(b"<< /Filter /Standard /V %d 0 R /R %d 0 R /O %d 0 R >>" % (number, number, number))
    return _tail(pdf, b"/Encrypt %d 0 R" % number)


_KEYS = b"/O <%s> /U <%s> /P -4 " % (b"41" * 32, b"42" * 32)

# ---------------------------------------------------------------- what is no PDF


def _bytes(data: bytes, more: bytes = b"", count: int = 0) -> Callable[[Pdf], bytes]:
    return lambda _pdf: data + more * count


def _behind(data: bytes) -> Callable[[Pdf], bytes]:
    return lambda pdf: data + bytes(pdf)


def _before(data: bytes) -> Callable[[Pdf], bytes]:
    return lambda pdf: bytes(pdf) + data


def _cut(part: float) -> Callable[[Pdf], bytes]:
    return lambda pdf: bytes(pdf)[: int(len(bytes(pdf)) * part)]


KINDS: dict[str, Make] = {
    "references-before-themselves": _prev_of_itself,
    "references-in-a-ring": _prev_in_a_ring,
    "references-without-end": _table_without_end,
    "references-missing": _no_table,
    "references-to-nowhere": _table_of_nonsense,
    "references-that-start-nowhere": _start_of_nonsense,
    "references-of-a-huge-size": _size_without_end,
    "references-updated-ten-thousand-times": _ten_thousand_updates,
    "references-in-a-stream": lambda pdf: _as_a_stream(pdf, packed=False),
    "references-in-a-stream-before-itself": _stream_prev_of_itself,
    "references-in-a-stream-without-end": _stream_index_without_end,
    "references-in-a-wide-stream": _stream_wide,
    "objects-in-a-stream": in_object_streams,
    "objects-in-a-stream-of-itself": _object_stream_of_itself,
    "objects-in-a-stream-inside-itself": _object_stream_inside_itself,
    "objects-in-a-stream-of-a-million": _object_stream_of_a_million,
    "objects-by-the-million": _objects_million,
    "pages-of-themselves": _tree_of_itself,
    "pages-in-a-ring": _tree_in_a_ring,
    "pages-missing-by-the-million": _tree_of_a_million,
    "pages-doubled-thirty-times": _tree_doubled,
    "pages-deep": _tree_deep,
    "pages-fewer-than-none": _count(-1),
    "pages-without-end": _count(2**31 - 1),
    "pages-ten-thousand": _more_pages(10_000),
    "pages-sixty": _more_pages(60, b"Annex"),
    "page-whose-parent-is-itself": _parent_of_itself,
    "page-a-hundred-thousand-times": _one_page_often,
    "page-without-size": _box(b"0 0 0 0"),
    "page-of-negative-size": _box(b"0 0 -595 -842"),
    "page-of-huge-size": _box(b"0 0 1e30 1e30"),
    "page-of-huge-size-in-digits": _box(b"0 0 " + b"9" * 400 + b" " + b"9" * 400),
    "page-of-no-number": _box(b"nan nan nan nan"),
    "page-as-long-as-a-street": _box(b"0 0 595 14400000"),
    "page-of-huge-units": _page_entry(b"/UserUnit 1000000"),
    "page-turned-askew": _page_entry(b"/Rotate 45", instead=rb"/Rotate 0"),
    "page-turned-often": _page_entry(b"/Rotate 99999999990", instead=rb"/Rotate 0"),
    "page-with-a-hundred-thousand-notes": _annotations(100_000, b"/Subtype /Text /Contents (a)"),
    "page-with-a-hundred-thousand-squares": _annotations(100_000, b"/Subtype /Square /C [1 0 0]"),
    "arrays-deep": _deep(b"[", b"]"),
    "dictionaries-deep": _deep(b"<< /A ", b">>"),
    "arrays-never-closed": _deep(b"[", b""),
    "strings-deep": _deep(b"(", b")"),
    "name-without-end": _deep(b"/" + b"a" * 1_000_000, b"", 1),
    "number-without-end": _deep(b"1" * 1_000_000, b"", 1),
    "outline-in-a-ring": _outline_in_a_ring,
    "structure-in-a-ring": _structure_in_a_ring,
    "reference-of-itself": _reference_of_itself,
    "contents-of-themselves": _contents_of_itself,
    "resources-of-themselves": _resources_of_themselves,
    "fields-of-themselves": _fields,
    "files-embedded": _files,
    "script-and-launch": _script,
    "title-of-control-characters": _info(b"/Title", b"(\\033[31m\\007<script>alert\\(1\\)</script>\\000\\012\\\\)"),
    "title-of-ten-megabytes": _info(b"/Title", b"(%s)" % (b"t" * 10_000_000)),
    "title-of-nonsense": _info(b"/Title", b"<FEFFD800DC00D800FFFE0000>"),
    "date-of-nonsense": _info(b"/CreationDate", b"(D:99999999999999)"),
    "encrypted-by-nobody-knows-what": _encrypted(b"/V 99 /R 99 " + _KEYS),
    "encrypted-with-a-key-of-no-length": _encrypted(b"/V 2 /R 3 /Length 0 " + _KEYS),
    "encrypted-with-a-key-of-huge-length": _encrypted(b"/V 2 /R 3 /Length 2147483647 " + _KEYS),
    "encrypted-without-keys": _encrypted(b"/V 5 /R 6"),
    "encrypted-by-itself": _encrypted_by_itself,
    "nothing-but-a-header": _bytes(b"%PDF-1.7\n"),
    "zeros-behind-a-header": _bytes(b"%PDF-1.7\n", b"\0", 50_000_000),
    "objects-that-never-begin": _bytes(b"%PDF-1.7\n", b"1 0 obj\n", 5_000_000),
    "brackets-behind-a-header": _bytes(b"%PDF-1.7\n1 0 obj\n", b"[", 20_000_000),
    "web-page-behind-a-header": _bytes(b"%PDF-1.7\n<html><body>", b"<table>", 100_000),
    "web-page-before-it": _behind(b"<!-- " + b"x" * 900 + b" -->\n"),
    "zip-behind-it": _before(b"PK\x05\x06" + b"\0" * 18),
    "cut-in-half": _cut(0.5),
    "cut-before-its-end": _cut(0.98),
}
