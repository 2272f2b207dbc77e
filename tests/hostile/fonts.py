"""Fonts that say too much, or say it of themselves: the font of a good report's text, or one beside it."""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile.raw import Pdf

Make = Callable[[Pdf], None]

_HEAD = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n"
_SPACE = b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
_FOOT = b"endcmap end end\n"


def _font(pdf: Pdf) -> int:
    """The font of the report's text."""
    return next(n for n, body in pdf.objects.items() if b"/UniGB-UCS2-H" in body)


def _to_unicode(text: bytes, *, entries: bytes = b"") -> Make:
    def make(pdf: Pdf) -> None:
        stream = pdf.packed(_HEAD + _SPACE + text + _FOOT, entries, times=2)
        pdf.replace(_font(pdf), b"/Encoding", b"/ToUnicode %d 0 R /Encoding" % stream)

    return make


def _encoding(text: bytes, entries: bytes = b"") -> Make:
    """A font beside the report's, with a map of its own from codes to glyphs."""

    def make(pdf: Pdf) -> None:
        number = max(pdf.objects) + 1
        stream = pdf.packed(
            _HEAD + _SPACE + text + _FOOT, b"/Type /CMap /CMapName /A " + entries.replace(b"%", b"%d" % number), 2
        )
        descendant = b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
        descendant += b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 0 >> >>"
        _beside(pdf, b"/Subtype /Type0 /BaseFont /A /Encoding %d 0 R /DescendantFonts [%s]" % (stream, descendant))

    return make


def _beside(pdf: Pdf, entries: bytes) -> None:
    """A further font, in which a word is written."""
    number = pdf.add(b"<< /Type /Font %s >>" % entries)
    fonts = next(n for n, body in pdf.objects.items() if b"/F2 " in body and b"/F1 " in body)
    pdf.replace(fonts, b"/F1 ", b"/B %d 0 R /F1 " % number)
    pdf.contents(before=[pdf.stream(b"BT /B 6 Tf 400 9 Td (word) Tj ET")])


def _font_with(entries: bytes) -> Make:
    return lambda pdf: _beside(pdf, entries)


def _widths(text: bytes) -> Make:
    def make(pdf: Pdf) -> None:
        pdf.replace(_font(pdf), b"/W [", b"/W [ " + text)

    return make


def _program(data: bytes, entry: bytes, entries: bytes = b"") -> Make:
    """A font beside the report's, with this as its program."""

    def make(pdf: Pdf) -> None:
        file = pdf.packed(data, b"/Length1 %d %s" % (len(data), entries))
        descriptor = pdf.add(
            b"<< /Type /FontDescriptor /FontName /A /Flags 4 /FontBBox [0 0 9 9] /ItalicAngle 0 /Ascent 9 /Descent 0"
            b" /CapHeight 9 /StemV 1 %s %d 0 R >>" % (entry, file)
        )
        _beside(pdf, b"/Subtype /TrueType /BaseFont /A /FontDescriptor %d 0 R" % descriptor)

    return make


def _descendant_of_itself(pdf: Pdf) -> None:
    number = max(pdf.objects) + 1
    _beside(pdf, b"/Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [%d 0 R]" % number)


def _many(pdf: Pdf) -> None:
    """Two thousand fonts, and a letter in each."""
    numbers = [pdf.add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>") for _ in range(2000)]
    fonts = next(n for n, body in pdf.objects.items() if b"/F2 " in body and b"/F1 " in body)
    pdf.replace(fonts, b"/F1 ", b" ".join(b"/B%d %d 0 R" % (n, n) for n in numbers) + b" /F1 ")
    pdf.contents(before=[pdf.packed(b"\n".join(b"BT /B%d 6 Tf 400 9 Td (1) Tj ET" % n for n in numbers))])


_SFNT = b"\0\1\0\0\xff\xff\0\0\0\0\0\0" + b"glyf\0\0\0\0\0\0\0\x20\xff\xff\xff\xff" * 500

KINDS: dict[str, Make] = {
    "characters-of-all-codes": _to_unicode(b"1 beginbfrange <00000000> <FFFFFFFF> <0000> endbfrange\n"),
    "characters-of-many-ranges": _to_unicode(b"1 beginbfrange <E000> <F8FF> <E000> endbfrange\n" * 2000),
    "characters-of-long-texts": _to_unicode(b"1 beginbfrange <E000> <F8FF> <%s> endbfrange\n" % (b"4E00" * 20_000)),
    "characters-by-themselves": _to_unicode(b"/A usecmap\n", entries=b"/UseCMap /A"),
    "characters-of-nonsense": _to_unicode(b"beginbfrange " * 100_000 + b"<< [ ( < " * 10_000),
    "codes-of-all-glyphs": _encoding(b"1 begincidrange <00000000> <FFFFFFFF> 0 endcidrange\n"),
    "codes-of-many-ranges": _encoding(b"1 begincidrange <0000> <FFFF> 0 endcidrange\n" * 2000),
    "codes-by-themselves": _encoding(b"/A usecmap\n", b"/UseCMap % 0 R"),
    "codes-by-a-path": _font_with(
        b"/Subtype /Type0 /BaseFont /A /Encoding /..#2f..#2f..#2fetc#2fpasswd /DescendantFonts [<< /Type /Font"
        b" /Subtype /CIDFontType0 /BaseFont /A"
        b" /CIDSystemInfo << /Registry (../..) /Ordering (/etc) /Supplement 0 >> >>]"
    ),
    "widths-a-million": _widths(b"20000 [%s] " % (b"500 " * 1_000_000)),
    "widths-of-all-codes": _widths(b"20000 2147483647 500 "),
    "widths-of-many-ranges": _widths(b"20000 60000 500 " * 500),
    "widths-of-nonsense": _widths(b"20000 (a) << >> [[[ 5 ]]] -5 -9 null "),
    "widths-beside-a-million": _font_with(
        b"/Subtype /TrueType /BaseFont /A /FirstChar 0 /LastChar 2147483647 /Widths [%s]" % (b"500 " * 1_000_000)
    ),
    "differences-a-million": _font_with(
        b"/Subtype /Type1 /BaseFont /A /Encoding << /Differences [0 %s] >>" % (b"/a " * 1_000_000)
    ),
    "program-of-noise": _program(bytes(range(256)) * 1000, b"/FontFile2"),
    "program-of-huge-tables": _program(_SFNT, b"/FontFile2"),
    "program-of-zeros": _program(b"\0" * 50_000_000, b"/FontFile2"),
    "program-as-postscript": _program(
        b"%!PS-AdobeFont-1.0: A\n" + b"{ " * 1_000_000, b"/FontFile", b"/Length2 0 /Length3 0"
    ),
    "program-as-cff": _program(b"\1\0\4\4" + b"\xff" * 100_000, b"/FontFile3", b"/Subtype /Type1C"),
    "descendant-of-itself": _descendant_of_itself,
    "fonts-by-the-thousand": _many,
}
