"""What is done to a report: bytes at random, parts of its structure, or what changes nothing that is printed.

In: a seed. Out: hypothesis strategies of ``Damaged`` files. A ``harmless`` edit leaves the print as it is: other markup
around the same text, as other writers leave it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.seeds import NAMES, Seed, seed
from tests.hostile.raw import Pdf


@dataclass(frozen=True)
class Damaged:
    """A damaged file; ``harmless``: what it prints is what its seed prints."""

    seed: str
    harmless: bool
    data: bytes

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002 - as hypothesis calls it
        """In a line: hypothesis would write out all bytes of each file."""
        printer.text(f"Damaged({self.seed!r}, {self.harmless}, {len(self.data)} bytes)")


TOKENS: dict[str, tuple[bytes, ...]] = {
    ".pdf": (
        b" 0 R", b"<<", b">>", b"[", b"]", b"(", b")", b"<", b"endobj\n", b"stream\n", b"endstream\n", b"null ", b"-1 ",
        b"99999999999 ", b"0.0000001 ", b"nan ", b" q ", b" Q ", b" BT ", b" ET ", b" Do ", b" cm ", b"/Length 5 ",
        b"BI /W 9 /H 9 ID ", b"xref\n", b"trailer\n", b"startxref\n0\n", b"\xff\xfe", b"\0" * 9,
    ),
    ".docx": (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"<w:tbl>", b"</w:tbl>", b"\0" * 9, b"\xff" * 9),
    ".html": (
        b"<table>", b"</table>", b"<tr>", b"<td>", b"<td colspan=99999999>", b"</td>", b"<!--", b"-->", b"<script>",
        b"<style>", b"</div>", b"<b>" * 50, b"&#", b"&#x10ffff;", b"\0", b"\xff\xfe", b"<svg>", b"<template>",
        b"<select>", b"<iframe>", b"<plaintext>", b"<![CDATA[", b'"', b"'", b"<td rowspan=0>",
    ),
}  # fmt: skip
"""What a format is written with, in the wrong place."""


@st.composite
def damaged(draw: st.DrawFn, names: Sequence[str] = NAMES) -> Damaged:
    """A report, and something done to it."""
    source = seed(draw(st.sampled_from(names)))
    kinds = ["bytes", "parts", "harmless"] if source.suffix != ".pdf" else ["bytes", "parts"]
    kind = draw(st.sampled_from(kinds))
    match kind, source.suffix:
        case "bytes", _:
            data = draw(_bytes(source))
        case "parts", ".pdf":
            data = draw(_objects(source))
        case "parts", ".docx":
            data = draw(_word_parts(source))
        case "parts", _:
            data = draw(_tags(source.data))
        case _, ".docx":
            data = draw(_word_harmless(source))
        case _:
            data = draw(_web_harmless(source))
    return Damaged(source.name, kind == "harmless", data)


# ---------------------------------------------------------------- bytes


@st.composite
def _bytes(draw: st.DrawFn, source: Seed) -> bytes:
    data = bytearray(source.data)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.sampled_from((1, 2, 7, 40, 300, 3000)))
        match draw(st.sampled_from(("flip", "set", "cut", "copy", "token", "end", "swap", "zero"))):
            case "flip" if data:
                data[at] ^= 1 << draw(st.integers(0, 7))
            case "set" if data:
                data[at] = draw(st.integers(0, 255))
            case "cut":
                del data[at : at + length]
            case "copy":
                to = draw(st.integers(0, len(data)))
                data[to:to] = data[at : at + length]
            case "token":
                data[at:at] = draw(st.sampled_from(TOKENS[source.suffix]))
            case "end":
                # Most downloads that broke off lack little.
                del data[len(data) - min(length, len(data)) :]
            case "swap":
                data[at : at + 2 * length] = data[at + length : at + 2 * length] + data[at : at + length]
            case _:
                data[at : at + length] = bytes(len(data[at : at + length]))
    return bytes(data)


# ---------------------------------------------------------------- PDF objects

_NUMBER = re.compile(rb"(?<![\w.#])-?\d+\.?\d*(?![\w.])")
_NAME = re.compile(rb"/[A-Za-z][\w-]*")
_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"2147483647",
    b"-2147483648",
    b"99999999999",
    b"0.00001",
    b"1e30",
    b"null",
    b"[]",
    b"()",
)


@st.composite
def _objects(draw: st.DrawFn, source: Seed) -> bytes:
    """Objects that are missing, that stand for another, or of which a number or name is another."""
    if not source.data.startswith(b"%PDF") or b"/ObjStm" in source.data:
        return draw(_bytes(source))
    pdf = Pdf(source.data)
    numbers = sorted(pdf.objects)
    for _ in range(draw(st.integers(1, 4))):
        one, other = draw(st.sampled_from(numbers)), draw(st.sampled_from(numbers))
        head, mark, rest = pdf.objects[one].partition(b"\nstream\n")
        match draw(st.sampled_from(("drop", "swap", "same", "number", "number", "name", "entry", "content"))):
            case "drop":
                pdf.objects[one] = b"null"
            case "swap":
                pdf.objects[one], pdf.objects[other] = pdf.objects[other], pdf.objects[one]
            case "same":
                pdf.objects[one] = pdf.objects[other]
            case "number":
                head = _one_of(draw, _NUMBER, head, draw(st.sampled_from((*_NUMBERS, b"%d" % other))))
                pdf.objects[one] = head + mark + rest
            case "name":
                pdf.objects[one] = _one_of(draw, _NAME, head, draw(st.sampled_from(_NAME.findall(head) or [b"/A"])))
                pdf.objects[one] += mark + rest
            case "entry":
                entry = draw(st.sampled_from((b"/Rotate 90", b"/UserUnit 9", b"/CropBox [9 9 99 99]", b"/Length 3")))
                pdf.objects[one] = head.replace(b"<<", b"<< " + entry + b" ", 1) + mark + rest
            case _:
                page = draw(st.sampled_from(pdf.pages))
                if b"/Contents" in pdf.objects[page] and re.search(rb"/Contents (\d+ 0 R|\[)", pdf.objects[page]):
                    junk = b" ".join(draw(st.lists(st.sampled_from(TOKENS[".pdf"]), max_size=6)))
                    own = [pdf.stream(junk)]
                    where = draw(st.sampled_from(("before", "after")))
                    pdf.contents(own if where == "before" else (), own if where == "after" else (), page)
    return bytes(pdf)


def _one_of(draw: st.DrawFn, pattern: re.Pattern[bytes], text: bytes, new: bytes) -> bytes:
    """The text with one of what the pattern finds replaced."""
    found = list(pattern.finditer(text))
    if not found:
        return text
    chosen = draw(st.sampled_from(range(len(found))))
    return text[: found[chosen].start()] + new + text[found[chosen].end() :]


# ---------------------------------------------------------------- markup

_TAG = re.compile(rb"<[^<>]{1,300}>")


@st.composite
def _tags(draw: st.DrawFn, data: bytes) -> bytes:
    """Tags that are missing, stand twice, change places, or say another number."""
    for _ in range(draw(st.integers(1, 5))):
        tags = list(_TAG.finditer(data))
        if not tags:
            break
        one, other = (tags[draw(st.integers(0, len(tags) - 1))] for _ in range(2))
        match draw(st.sampled_from(("drop", "twice", "other", "number", "upto"))):
            case "drop":
                data = data[: one.start()] + data[one.end() :]
            case "twice":
                data = data[: one.end()] + one[0] + data[one.end() :]
            case "other":
                data = data[: one.start()] + other[0] + data[one.end() :]
            case "number":
                new = _one_of(draw, re.compile(rb"\d+"), one[0], draw(st.sampled_from((b"0", b"9999999", b"-3", b"x"))))
                data = data[: one.start()] + new + data[one.end() :]
            case _:
                start, end = sorted((one.start(), other.start()))
                data = data[:start] + data[min(end, start + 5000) :]
    return data


def _parts_of(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def _packed(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


@st.composite
def _word_parts(draw: st.DrawFn, source: Seed) -> bytes:
    parts = _parts_of(source.data)
    name = draw(st.sampled_from(("word/document.xml", "word/document.xml", *sorted(parts))))
    if draw(st.integers(0, 9)) == 0:
        del parts[name]
    else:
        parts[name] = draw(_tags(parts[name].encode())).decode(errors="replace")
    return _packed(parts)


# ---------------------------------------------------------------- what changes nothing in print

Change = Callable[[re.Match[str]], str]
_RUN = re.compile(r"<w:r>(?:(?!</?w:r[ >]).)*</w:r>", re.DOTALL)

_WORD_CHANGES: dict[str, tuple[re.Pattern[str], Change]] = {
    "spelling": (_RUN, lambda m: f'<w:proofErr w:type="spellStart"/>{m[0]}<w:proofErr w:type="spellEnd"/>'),
    "bookmark": (_RUN, lambda m: f'<w:bookmarkStart w:id="7" w:name="a"/>{m[0]}<w:bookmarkEnd w:id="7"/>'),
    "inserted": (_RUN, lambda m: f'<w:ins w:id="8" w:author="a">{m[0]}</w:ins>'),
    "smart": (_RUN, lambda m: f'<w:smartTag w:uri="a" w:element="b">{m[0]}</w:smartTag>'),
    "revision": (re.compile(r"<w:r>"), lambda _: '<w:r w:rsidR="00A1B2C3" w:rsidRPr="00D4E5F6">'),
    "break": (re.compile(r"<w:r>"), lambda _: "<w:r><w:lastRenderedPageBreak/>"),
    "space": (re.compile(r"</w:p>"), lambda _: "</w:p>\n  "),
    "split": (
        re.compile(r"<w:r><w:t(?: [^>]*)?>([^<]{2,})</w:t></w:r>"),
        lambda m: f"<w:r><w:t>{m[1][:1]}</w:t></w:r><w:r><w:t>{m[1][1:]}</w:t></w:r>",
    ),
    "deleted": (_RUN, lambda m: f'{m[0]}<w:del w:id="9" w:author="a"><w:r><w:delText>77</w:delText></w:r></w:del>'),
}

_WEB_CHANGES: dict[str, tuple[re.Pattern[str], Change]] = {
    "comment": (re.compile(r"</(?:td|th|p|div|span)>"), lambda m: f"<!-- 77 -->{m[0]}"),
    "style": (re.compile(r"<(td|tr|p|span)\b(?![^>]*style)"), lambda m: f"<{m[1]} style='mso-a:1;text-indent:2em'"),
    "class": (re.compile(r"<(td|tr|p|div)\b(?![^>]*class)"), lambda m: f"<{m[1]} class='MsoNormal a-b'"),
    "upper": (re.compile(r"</?(td|tr|table|p|span)(?=[ >])"), lambda m: m[0].upper()),
    "entities": (re.compile(r"(?<=>)(\d+)(?=</)"), lambda m: "".join(f"&#{ord(char)};" for char in m[1])),
    "font": (re.compile(r"(?<=>)(\d+)(?=</)"), lambda m: f"<font size=2><b>{m[1]}</b></font>"),
    "paragraph": (re.compile(r"(<td[^>]*>)(\d+)(?=</td>)"), lambda m: f"{m[1]}<p>{m[2]}</p>"),
    "lines": (re.compile(r"(?<=>)(?=<t[dr]\b)"), lambda _: "\r\n\t"),
    "script": (re.compile(r"<table\b"), lambda m: f"<script>var a = '<td>77</td>';</script>{m[0]}"),
    "no-end": (re.compile(r"</t[dr]>(?=\s*<t[dr]\b)"), lambda _: ""),
    "hidden": (re.compile(r"(?<=\d)</td>"), lambda _: "<span style='display:none'>77</span></td>"),
}


@st.composite
def _changed(draw: st.DrawFn, text: str, changes: dict[str, tuple[re.Pattern[str], Change]]) -> str:
    """The text after a few kinds of changes, each in a few of the places where it may be made, or in all."""
    for name in draw(st.lists(st.sampled_from(sorted(changes)), min_size=1, max_size=3, unique=True)):
        pattern, change = changes[name]
        places = list(pattern.finditer(text))
        if not places:
            continue
        chosen: Any = draw(
            st.one_of(st.just(set(range(len(places)))), st.sets(st.integers(0, len(places) - 1), max_size=9))
        )
        parts, end = [], 0
        for number, place in enumerate(places):
            if number in chosen:
                parts += [text[end : place.start()], change(place)]
                end = place.end()
        text = "".join([*parts, text[end:]])
    return text


@st.composite
def _word_harmless(draw: st.DrawFn, source: Seed) -> bytes:
    parts = _parts_of(source.data)
    parts["word/document.xml"] = draw(_changed(parts["word/document.xml"], _WORD_CHANGES))
    return _packed(parts)


@st.composite
def _web_harmless(draw: st.DrawFn, source: Seed) -> bytes:
    encoding = "gb18030" if "of-word" in source.name else "utf-8"
    return draw(_changed(source.data.decode(encoding), _WEB_CHANGES)).encode(encoding)
