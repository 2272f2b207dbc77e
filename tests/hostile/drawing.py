"""Content that draws without end: on a page of a good report."""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile.raw import Pdf

Make = Callable[[Pdf], None]


def _content(what: bytes, count: int = 1, *, after: bytes = b"") -> Make:
    return lambda pdf: pdf.contents(before=[pdf.packed(what, times=2, count=count), pdf.packed(after, times=2)])


def _behind(what: bytes, count: int = 1) -> Make:
    return lambda pdf: pdf.contents(after=[pdf.packed(what, times=2, count=count)])


# ---------------------------------------------------------------- forms


def _levels(levels: int, times: int, inmost: bytes) -> Make:
    """Forms that draw each other so many times in so many levels."""

    def make(pdf: Pdf) -> None:
        number = pdf.form(inmost)
        for _ in range(levels):
            number = pdf.form(b"/X Do\n" * times, b"/Resources << /XObject << /X %d 0 R >> >>" % number)
        pdf.draw(number, b"/X Do")

    return make


def _form_of_itself(pdf: Pdf) -> None:
    number = max(pdf.objects) + 1
    pdf.form(b"/X Do /X Do", b"/Resources << /XObject << /X %d 0 R >> >>" % number)
    pdf.draw(number, b"/X Do")


def _form_of_the_page(pdf: Pdf) -> None:
    """A form without resources of its own has those of whoever draws it."""
    pdf.draw(pdf.form(b"/X Do /X Do"), b"/X Do")


def _forms_of_each_other(pdf: Pdf) -> None:
    first = max(pdf.objects) + 1
    names = b" ".join(b"/X%d %d 0 R" % (n, first + n) for n in range(12))
    draws = b" ".join(b"/X%d Do" % n for n in range(12))
    for _ in range(12):
        pdf.form(draws, b"/Resources << /XObject << %s >> >>" % names)
    pdf.draw(first, b"/X Do")


def _forms_by_the_thousand(pdf: Pdf) -> None:
    numbers = [pdf.form(b"0 0 m 9 9 l n") for _ in range(5_000)]
    pdf.resources(b"/XObject << %s >>" % b" ".join(b"/X%d %d 0 R" % (n, n) for n in numbers))
    pdf.contents(before=[pdf.packed(b" ".join(b"/X%d Do" % n for n in numbers))])


def _form_again_and_again(pdf: Pdf) -> None:
    pdf.draw(pdf.form(b"0 0 m 9 9 l n"), b"/X Do\n" * 100_000)


def _large_form_again_and_again(pdf: Pdf) -> None:
    number = pdf.packed(b"0 0 m 9 9 l n\n", b"/Type /XObject /Subtype /Form /BBox [0 0 600 850]", 2, count=100_000)
    pdf.draw(number, b"/X Do\n" * 1000)


# ---------------------------------------------------------------- patterns, shadings, soft masks, glyphs


def _pattern(pdf: Pdf, content: bytes, *, step: bytes = b"9", box: bytes = b"0 0 9 9", resources: bytes = b"") -> int:
    entries = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [%s] /XStep %s /YStep %s %s"
    return pdf.stream(content, entries % (box, step, step, b"/Resources << %s >>" % resources))


_FILLED = b"q /Pattern cs /P scn 0 0 595 842 re f Q\n"


def _with_pattern(number: int, pdf: Pdf) -> None:
    pdf.resources(b"/Pattern << /P %d 0 R >>" % number)
    pdf.contents(before=[pdf.stream(_FILLED)])


def _pattern_of_itself(pdf: Pdf) -> None:
    number = max(pdf.objects) + 1
    _with_pattern(_pattern(pdf, _FILLED, resources=b"/Pattern << /P %d 0 R >>" % number), pdf)


def _patterns_in_levels(pdf: Pdf) -> None:
    number = _pattern(pdf, b"0 0 4 4 re f")
    for _ in range(8):
        number = _pattern(pdf, _FILLED, resources=b"/Pattern << /P %d 0 R >>" % number)
    _with_pattern(number, pdf)


def _pattern_stepping(step: bytes) -> Make:
    return lambda pdf: _with_pattern(_pattern(pdf, b"0 0 4 4 re f", step=step), pdf)


def _pattern_boxed(box: bytes) -> Make:
    return lambda pdf: _with_pattern(_pattern(pdf, b"0 0 4 4 re f", box=box), pdf)


def _shading(entries: bytes, data: bytes = b"") -> Make:
    def make(pdf: Pdf) -> None:
        body = b"/ColorSpace /DeviceGray " + entries
        number = pdf.packed(data, body) if data else pdf.add(b"<< %s >>" % body)
        pdf.resources(b"/Shading << /S %d 0 R >>" % number)
        pdf.contents(before=[pdf.stream(b"q 20 780 40 40 re W n /S sh Q")])

    return make


def _function_of_itself(pdf: Pdf) -> None:
    number = max(pdf.objects) + 1
    pdf.add(
        b"<< /FunctionType 3 /Domain [0 1] /Bounds [0.5] /Encode [0 1 0 1] /Functions [%d 0 R %d 0 R] >>"
        % (number, number)
    )
    _shading(b"/ShadingType 2 /Coords [0 0 9 9] /Function %d 0 R" % number)(pdf)


def _functions_in_levels(pdf: Pdf) -> None:
    number = pdf.add(b"<< /FunctionType 2 /N 1 /Domain [0 1] /C0 [0] /C1 [1] >>")
    for _ in range(24):
        number = pdf.add(
            b"<< /FunctionType 3 /Domain [0 1] /Bounds [0.5] /Encode [0 1 0 1] /Functions [%d 0 R %d 0 R] >>"
            % (number, number)
        )
    _shading(b"/ShadingType 2 /Coords [0 0 9 9] /Function %d 0 R" % number)(pdf)


def _sampled_function(pdf: Pdf) -> None:
    entries = b"/FunctionType 0 /Domain [0 1] /Range [0 1] /Size [2147483647] /BitsPerSample 32"
    number = pdf.stream(b"\0" * 100, entries)
    _shading(b"/ShadingType 2 /Coords [0 0 9 9] /Function %d 0 R" % number)(pdf)


def _program_function(pdf: Pdf) -> None:
    number = pdf.stream(b"{ " * 100_000 + b"} " * 100_000, b"/FunctionType 4 /Domain [0 1] /Range [0 1]")
    _shading(b"/ShadingType 2 /Coords [0 0 9 9] /Function %d 0 R" % number)(pdf)


def _soft_mask_of_itself(pdf: Pdf) -> None:
    number = max(pdf.objects) + 1
    group = b"/Group << /S /Transparency >> /Resources << /ExtGState << /G %d 0 R >> >>" % (number + 1)
    pdf.form(b"/G gs 0 0 595 842 re f", group)
    pdf.add(b"<< /SMask << /S /Luminosity /G %d 0 R >> >>" % number)
    pdf.resources(b"/ExtGState << /G %d 0 R >>" % (number + 1))
    pdf.contents(before=[pdf.stream(b"q /G gs 0 0 595 842 re f Q")])


def _groups_in_levels(pdf: Pdf) -> None:
    """Transparency groups within each other: a picture of the page for each."""
    group = b"/Group << /S /Transparency /I true /K true >> "
    number = pdf.form(b"0 0 9 9 re f", group)
    state = pdf.add(b"<< /ca 0.5 /CA 0.5 /BM /Multiply >>")
    for _ in range(60):
        resources = b"/Resources << /XObject << /X %d 0 R >> /ExtGState << /G %d 0 R >> >>" % (number, state)
        number = pdf.form(b"/G gs /X Do", group + resources)
    pdf.draw(number, b"/X Do")


def _glyphs(pdf: Pdf, *, levels: int, times: int) -> None:
    """A font whose glyphs are written in the next such font."""
    number = 0
    for level in range(levels):
        own = max(pdf.objects) + 1
        within = number if level else own + 1
        text = b"BT /F 1 Tf (%s) Tj ET" % (b"a" * times)
        glyph = pdf.stream(b"9 0 d0 " + text)
        number = pdf.add(
            b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [0.1 0 0 0.1 0 0] /FirstChar 97"
            b" /LastChar 97 /Widths [9] /Encoding << /Type /Encoding /Differences [97 /a] >> /CharProcs << /a %d 0 R >>"
            b" /Resources << /Font << /F %d 0 R >> >> >>" % (glyph, within)
        )
        assert number == own + 1
    fonts = next(n for n, body in pdf.objects.items() if b"/F2 " in body and b"/F1 " in body)
    pdf.replace(fonts, b"/F1 ", b"/T3 %d 0 R /F1 " % number)
    pdf.contents(before=[pdf.stream(b"BT /T3 9 Tf 20 800 Td (aa) Tj ET")])


KINDS: dict[str, Make] = {
    "forms-ten-times-in-ten-levels": _levels(10, 10, b"0 0 m 9 9 l S"),
    "forms-twice-in-thirty-levels": _levels(30, 2, b"0 0 m 9 9 l S"),
    "forms-of-text-in-six-levels": _levels(6, 10, b"BT /F1 6 Tf 20 800 Td (12) Tj ET"),
    "forms-in-two-thousand-levels": _levels(2000, 1, b"0 0 m 9 9 l n"),
    "form-of-itself": _form_of_itself,
    "form-of-itself-by-the-page": _form_of_the_page,
    "forms-of-each-other": _forms_of_each_other,
    "forms-by-the-thousand": _forms_by_the_thousand,
    "form-again-and-again": _form_again_and_again,
    "large-form-again-and-again": _large_form_again_and_again,
    "pattern-of-itself": _pattern_of_itself,
    "patterns-in-levels": _patterns_in_levels,
    "pattern-without-step": _pattern_stepping(b"0"),
    "pattern-of-tiny-steps": _pattern_stepping(b"0.0001"),
    "pattern-of-huge-size": _pattern_boxed(b"0 0 1e9 1e9"),
    "shading-by-a-function-of-itself": _function_of_itself,
    "shading-by-functions-in-levels": _functions_in_levels,
    "shading-by-a-sampled-function": _sampled_function,
    "shading-by-a-program": _program_function,
    "shading-of-a-mesh": _shading(
        b"/ShadingType 5 /BitsPerCoordinate 8 /BitsPerComponent 8 /VerticesPerRow 1000 /Decode [0 600 0 850 0 1]",
        b"\x10\x90\x50" * 1_000_000,
    ),
    "shading-of-free-triangles": _shading(
        b"/ShadingType 4 /BitsPerCoordinate 8 /BitsPerComponent 8 /BitsPerFlag 8 /Decode [0 600 0 850 0 1]",
        b"\0\x10\x90\x50\0\xf0\x90\x50\0\x10\x05\x50" * 300_000,
    ),
    "shading-of-patches": _shading(
        b"/ShadingType 6 /BitsPerCoordinate 8 /BitsPerComponent 8 /BitsPerFlag 8 /Decode [0 600 0 850 0 1]",
        b"\0" + b"\x10\x90" * 12 + b"\x10\x20\x30\x40",
    ),
    "soft-mask-of-itself": _soft_mask_of_itself,
    "groups-in-levels": _groups_in_levels,
    "glyphs-of-themselves": lambda pdf: _glyphs(pdf, levels=1, times=2),
    "glyphs-in-levels": lambda pdf: _glyphs(pdf, levels=9, times=10),
    "states-never-restored": _content(b"q ", 1_000_000),
    "states-restored-too-often": _content(b"Q ", 1_000_000),
    "text-never-ended": _content(b"BT ", 1_000_000),
    "marks-never-ended": _content(b"/P BMC ", 1_000_000),
    "operands-without-operator": _content(b"1 ", 10_000_000),
    "arrays-in-content": _content(b"[", 1_000_000),
    "dictionaries-in-content": _content(b"<< /A ", 500_000),
    "strings-in-content": _content(b"(", 1_000_000),
    "words-that-are-no-operators": _content(b"hello ", 1_000_000),
    "letters-a-million-in-one-string": _content(b"BT /F1 1 Tf 20 830 Td (", after=b"1" * 1_000_000 + b") Tj ET"),
    "letters-on-one-place": _content(b"BT /F1 6 Tf 20 830 Td (1) Tj ET ", 100_000),
    "letters-on-one-line": lambda pdf: pdf.contents(
        before=[pdf.packed(b"".join(b"BT /F1 6 Tf %.3f 830 Td (1) Tj ET\n" % (n / 100) for n in range(100_000)))]
    ),
    "letters-far-away": _content(b"BT /F1 6 Tf 1 0 0 1 1e30 -1e30 Tm (123) Tj ET\n", 1000),
    "letters-of-huge-size": _content(b"BT /F1 1e30 Tf 20 830 Td (123) Tj ET\n", 1000),
    "letters-of-no-size": _content(b"BT /F1 0 Tf 20 830 Td (123) Tj ET\n", 1000),
    "letters-in-every-direction": lambda pdf: pdf.contents(
        before=[pdf.packed(b"".join(b"BT /F1 6 Tf 1 0.%04d 0 1 20 830 Tm (1) Tj ET\n" % n for n in range(10_000)))]
    ),
    "lines-twenty-thousand": lambda pdf: pdf.contents(
        before=[
            pdf.packed(b"".join(b"BT /F1 1 Tf 20 %.3f Td (12 34 56) Tj ET\n" % (842 - n / 25) for n in range(20_000)))
        ]
    ),
    "path-of-half-a-million-parts": _content(b"20 800 m ", after=b"21 801 l " * 500_000 + b"S"),
    "paths-a-million-clipped": _content(b"0 0 595 842 re W n ", 200_000),
    "dashes-of-no-length": _content(b"q [0.000001 0.000001] 0 d 0 800 m 595 800 l S Q ", 10),
    "dashes-of-huge-count": _content(b"q [", after=b"1 " * 1_000_000 + b"] 0 d 0 800 m 595 800 l S Q"),
    "line-of-huge-width": _content(b"q 1e30 w 1 G 0 800 m 595 800 l S Q ", 10),
    "line-far-away": _content(b"-1e30 800 m 1e30 800 l S 20 -1e30 m 20 1e30 l S\n", 10),
    "rectangles-a-million": _content(b"20 800 9 9 re f ", 1_000_000),
    "curves-half-a-million": _content(b"0 0 m 9 9 20 20 30 30 c n\n", 500_000),
    "grid-of-a-million-cells": lambda pdf: pdf.contents(
        before=[
            pdf.packed(
                b"0.1 w "
                + b"".join(b"%.2f 20 m %.2f 820 l S\n" % (20 + n / 2, 20 + n / 2) for n in range(1000))
                + b"".join(b"20 %.2f m 520 %.2f l S\n" % (20 + n * 0.8, 20 + n * 0.8) for n in range(1000))
            )
        ]
    ),
    "matrix-of-nonsense": _content(b"q 1e30 1e30 1e30 1e30 1e30 1e30 cm 0 0 m 9 9 l S Q ", 1000),
    "matrix-of-nothing": _content(b"q 0 0 0 0 0 0 cm 0 0 m 9 9 l S (1) Tj Q ", 1000),
    "content-that-never-ends-behind": _behind(b"q 0 0 m 9 9 l n ", 1_000_000),
}
