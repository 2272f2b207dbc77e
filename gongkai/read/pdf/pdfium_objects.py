"""What pdfium says of a page, in bulk: its characters and its strokes.

In: a page of pdfium's. Out: characters and strokes in the page's own coordinates, in points from the bottom left.
Nothing is interpreted here but what a library's caller must know: which characters have no value or no true box, and
which filled rectangles are strokes. A page has thousands of both: each question is asked of all of them at once, and
the answers are written side by side into one piece of memory.
"""

from __future__ import annotations

import ctypes
import re
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, repeat
from operator import sub
from typing import Any

from gongkai.errors import NotAReport
from gongkai.read.page import UNDECODABLE
from gongkai.read.pdf.pdfium import direct, pdfium, pdfium_c
from gongkai.read.pdf.stated_widths import lacks_fonts, stated_boxes
from gongkai.system.limits import current

THIN = 3.0
"""A filled rectangle at most this thick, in points, is drawn as a rule."""
HUGE = 40.0
"""A character wider than this, in points, is not believed without a look at its tight box."""

_NO_CHARACTER = re.compile("[\x00-\x1f\ue000-\uf8ff]")

Rectangle = tuple[float, float, float, float]


_AT, _INT = ctypes.c_void_p, ctypes.c_int
_text_of = direct(pdfium_c.FPDFText_GetText, _AT, _INT, _INT, _AT)
_is_generated = direct(pdfium_c.FPDFText_IsGenerated, _AT, _INT)
_has_no_unicode = direct(pdfium_c.FPDFText_HasUnicodeMapError, _AT, _INT)
_loose_box = direct(pdfium_c.FPDFText_GetLooseCharBox, _AT, _INT, _AT)
_origin = direct(pdfium_c.FPDFText_GetCharOrigin, _AT, _INT, _AT, _AT)
_angle = direct(pdfium_c.FPDFText_GetCharAngle, _AT, _INT, result=ctypes.c_float)
_object_at = direct(pdfium_c.FPDFPage_GetObject, _AT, _INT, result=_AT)
_part_at = direct(pdfium_c.FPDFFormObj_GetObject, _AT, ctypes.c_ulong, result=_AT)
_count_parts = direct(pdfium_c.FPDFFormObj_CountObjects, _AT)
_kind_of = direct(pdfium_c.FPDFPageObj_GetType, _AT)
_count_segments = direct(pdfium_c.FPDFPath_CountSegments, _AT)
_draw_mode = direct(pdfium_c.FPDFPath_GetDrawMode, _AT, _AT, _AT)
_bounds = direct(pdfium_c.FPDFPageObj_GetBounds, _AT, _AT, _AT, _AT, _AT)
_matrix_of = direct(pdfium_c.FPDFPageObj_GetMatrix, _AT, _AT)
_segment_at = direct(pdfium_c.FPDFPath_GetPathSegment, _AT, _INT, result=_AT)
_Point = ctypes.c_float * 2
_kind_of_segment = direct(pdfium_c.FPDFPathSegment_GetType, _AT)
_closes = direct(pdfium_c.FPDFPathSegment_GetClose, _AT)
_point_of = direct(pdfium_c.FPDFPathSegment_GetPoint, _AT, _AT, _AT)

RawChar = tuple[str, float, float, float, float, float, float, float]
"""Text, loose box (left, bottom, right, top), origin (x, y) and angle in the page's own coordinates."""


def page_chars(page: pdfium.PdfPage) -> list[RawChar]:
    """Each character that is drawn, in the order of the file. Raises ``NotAReport`` if they are too many."""
    text_page = page.get_textpage()
    if (count := text_page.count_chars()) > (most := current().pdf_characters_per_page):
        raise NotAReport(f"a page of {count} characters: not a report's (at most {most}); print it anew, as PDF")
    raw = ctypes.addressof(text_page.raw.contents)
    text = page_text(text_page)
    # What pdfium generates (spaces, line ends) is not drawn.
    drawn = [
        index
        for index, char in enumerate(text)
        if char > " " or not (char == "\n" or char == "\r" or _is_generated(raw, index) == 1)
    ]
    if not drawn:
        text_page.close()
        return []
    unmapped = list(map(_has_no_unicode, repeat(raw), drawn))
    said = [text[index] for index in drawn]
    if 1 in unmapped or _NO_CHARACTER.search("".join(said)):
        said = [
            UNDECODABLE if none == 1 or _NO_CHARACTER.match(char) else char
            for char, none in zip(said, unmapped, strict=True)
        ]
    boxes = _room("f", 4 * len(drawn))
    deque(map(_loose_box, repeat(raw), drawn, _addresses(boxes)[::4]), maxlen=0)
    lefts, tops, rights, bottoms = boxes[::4], boxes[1::4], boxes[2::4], boxes[3::4]
    if max(map(sub, rights, lefts)) > HUGE:
        for place, (index, char) in enumerate(zip(drawn, said, strict=True)):
            if rights[place] - lefts[place] > HUGE and char != " ":
                loose = lefts[place], bottoms[place], rights[place], tops[place]
                lefts[place], bottoms[place], rights[place], tops[place] = _believed(text_page, index, loose)
    origins = _room("d", 2 * len(drawn))
    xs = _addresses(origins)
    deque(map(_origin, repeat(raw), drawn, xs[::2], xs[1::2]), maxlen=0)
    angles = list(map(_angle, repeat(raw), drawn))
    if len(set(angles)) > 1:
        angles = [round(angle, 2) for angle in angles]
    if lacks_fonts(page):
        placed = zip(drawn, said, origins[::2], origins[1::2], strict=True)
        stated = stated_boxes(text_page, list(placed), list(zip(lefts, bottoms, rights, tops, strict=True)))
        lefts, bottoms, rights, tops = (array("f", sides) for sides in zip(*stated, strict=True))
    text_page.close()
    return list(zip(said, lefts, bottoms, rights, tops, origins[::2], origins[1::2], angles, strict=True))


def _room(kind: str, count: int) -> array[Any]:
    """Room for so many numbers. For an array of each length ctypes would make a type, which costs more than to fill it.

    ``kind`` is the module ``array``'s: ``f`` float, ``d`` double, ``i`` int, ``H`` unsigned short.
    """
    return array(kind, bytes(count * array(kind).itemsize))


def _addresses(room: array[Any]) -> range:
    """Where each of an array's elements lies in memory."""
    start, count = room.buffer_info()
    return range(start, start + count * room.itemsize, room.itemsize)


def page_text(text_page: pdfium.PdfTextPage) -> str:
    """The page's characters, one for each that pdfium counts."""
    count = text_page.count_chars()
    buffer = _room("H", count + 1)
    units = _text_of(ctypes.addressof(text_page.raw.contents), 0, count, buffer.buffer_info()[0])
    text = buffer.tobytes().decode("utf-16-le", "surrogatepass")
    if units == len(text) == count + 1:
        return text[:count]
    # Characters of value 0 are left out of the text, and those beyond U+FFFF take two units.
    return "".join(chr(pdfium_c.FPDFText_GetUnicode(text_page.raw, index)) for index in range(count))


def _believed(text_page: pdfium.PdfTextPage, index: int, loose: Rectangle) -> Rectangle:
    """The box of a huge character.

    Fonts for vertical writing: pdfium takes the font's unscaled size for the character's.
    """
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium_c.FPDFText_GetCharBox(text_page.raw, index, left, right, bottom, top)
    if right.value - left.value < (loose[2] - loose[0]) / 3:
        return left.value, bottom.value, right.value, top.value
    return loose


Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def page_strokes(page: pdfium.PdfPage) -> list[Rectangle]:
    """The straight strokes of a page and the thin rectangles, in the page's own coordinates."""
    raw = ctypes.addressof(page.raw.contents)
    count = pdfium_c.FPDFPage_CountObjects(page.raw)
    return _strokes_of(list(map(_object_at, repeat(raw), range(count))), IDENTITY, 0, page.get_bbox())


def _strokes_of(objects: Sequence[int], outer: Matrix, depth: int, sheet: Rectangle) -> list[Rectangle]:
    """The strokes among objects, whose coordinates ``outer`` leads to the page's, as far as ``sheet`` shows them."""
    strokes: list[Rectangle] = []
    paths = []
    limits = current()
    for obj, kind in zip(objects, map(_kind_of, objects), strict=True):
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            paths.append(obj)
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < limits.pdf_form_depth:
            parts = [_part_at(obj, index) for index in range(_count_parts(obj))]
            strokes += _strokes_of(parts, _times(_matrix(obj), outer), depth + 1, sheet)
    if paths:
        modes = _filled("i", 2, _draw_mode, paths)
        bounds = _filled("f", 4, _bounds, paths)
        for path, fill, stroke, x0, y0, x1, y1 in zip(
            paths, modes[::2], modes[1::2], bounds[::4], bounds[1::4], bounds[2::4], bounds[3::4], strict=True
        ):
            segments = _count_segments(path)
            known = len(strokes)
            thin = x1 - x0 <= THIN or y1 - y0 <= THIN
            if segments <= 5 and outer is IDENTITY and (segments == 2 or not stroke) and thin:
                # One line, or one rectangle that is filled: its bounds say all, in one call.
                strokes.append((x0, y0, x1, y1))
            elif segments <= limits.pdf_path_segments:
                strokes += _outlines(path, segments, fill, stroke, _times(_matrix(path), outer))
            if outer is IDENTITY and (x0 < sheet[0] or y0 < sheet[1] or x1 > sheet[2] or y1 > sheet[3]):
                # Some engines draw a cell that goes on over pages as long as it is, and cut it at each page's margin.
                strokes[known:] = _cut(strokes[known:], _clip(path) or sheet)
    return strokes


def _clip(path: int) -> Rectangle | None:
    """The rectangle within which an object shows, ``None`` where it has none of its own."""
    clip = pdfium_c.FPDFPageObj_GetClipPath(ctypes.cast(path, pdfium_c.FPDF_PAGEOBJECT))
    place = _Point()
    start = ctypes.addressof(place)
    box: Rectangle | None = None
    for number in range(max(pdfium_c.FPDFClipPath_CountPaths(clip), 0)):
        points = []
        for index in range(min(pdfium_c.FPDFClipPath_CountPathSegments(clip, number), current().pdf_path_segments)):
            segment = ctypes.cast(pdfium_c.FPDFClipPath_GetPathSegment(clip, number, index), ctypes.c_void_p).value
            if _point_of(segment, start, start + ctypes.sizeof(ctypes.c_float)):
                points.append((place[0], place[1]))
        if points:
            xs, ys = zip(*points, strict=True)
            own = min(xs), min(ys), max(xs), max(ys)
            box = own if box is None else (*map(max, box[:2], own[:2]), *map(min, box[2:], own[2:]))
    return box


def _cut(strokes: Sequence[Rectangle], box: Rectangle) -> list[Rectangle]:
    """The strokes as far as they lie in a box."""
    left, bottom, right, top = box
    inside = []
    for ax, ay, bx, by in strokes:
        x0, x1 = max(min(ax, bx), left), min(max(ax, bx), right)
        y0, y1 = max(min(ay, by), bottom), min(max(ay, by), top)
        if x0 <= x1 and y0 <= y1:
            inside.append((x0, y0, x1, y1))
    return inside


def _filled(kind: str, count: int, function: Callable[..., Any], objects: Sequence[int]) -> array[Any]:
    """What ``function`` says of each object: ``count`` numbers, which it writes to addresses that follow each other."""
    numbers = _room(kind, count * len(objects))
    places = _addresses(numbers)
    deque(map(function, objects, *(places[number::count] for number in range(count))), maxlen=0)
    return numbers


def _outlines(obj: int, segments: int, fill: int, stroke: int, matrix: Matrix) -> Iterator[Rectangle]:
    """The strokes along a path, or the rectangles that it fills and that are as thin as a stroke."""
    for path in _points(obj, segments, matrix):
        if stroke:
            yield from ((ax, ay, bx, by) for (ax, ay), (bx, by) in pairwise(path))
        elif fill and len(path) >= 4:
            xs, ys = [p[0] for p in path], [p[1] for p in path]
            if min(max(xs) - min(xs), max(ys) - min(ys)) <= THIN:
                yield min(xs), min(ys), max(xs), max(ys)


def _points(obj: int, segments: int, matrix: Matrix) -> list[list[tuple[float, float]]]:
    """The subpaths of a path as corner points; a curve is its end points."""
    a, b, c, d, e, f = matrix
    place = _Point()
    at_x = ctypes.addressof(place)
    at_y = at_x + ctypes.sizeof(ctypes.c_float)
    paths: list[list[tuple[float, float]]] = []
    for index in range(segments):
        segment = _segment_at(obj, index)
        _point_of(segment, at_x, at_y)
        x, y = place
        point = (a * x + c * y + e, b * x + d * y + f)
        if _kind_of_segment(segment) == pdfium_c.FPDF_SEGMENT_MOVETO or not paths:
            paths.append([point])
        else:
            paths[-1].append(point)
        if _closes(segment):
            paths[-1].append(paths[-1][0])
    return paths


def _matrix(obj: int) -> Matrix:
    matrix = pdfium_c.FS_MATRIX()
    _matrix_of(obj, ctypes.addressof(matrix))
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(m: Matrix, n: Matrix) -> Matrix:
    """First ``m``, then ``n``."""
    if n == IDENTITY:
        return m
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )
