"""A PDF as its objects, so that a test can put into a good report what no writer would.

In: the bytes of a PDF that reportlab wrote. Out: the same document with objects added or changed, and a cross-reference
table that fits. Nothing is checked: what a test says is what the file has.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

_OBJECT = re.compile(rb"^(\d+) 0 obj\n(.*?)\nendobj$", re.MULTILINE | re.DOTALL)


_CHUNK = 1 << 20


def flate(data: bytes, times: int = 1, *, count: int = 1) -> bytes:
    """The data ``count`` times, compressed ``times`` times: what repeats itself comes to a millionth in two."""
    whole = max(1, _CHUNK // max(len(data), 1))
    packer = zlib.compressobj(1 if times > 1 else 6)
    block = data * min(whole, count)
    parts = [packer.compress(block) for _ in range(count // whole)]
    parts += [packer.compress(data * (count % whole)), packer.flush()]
    packed = b"".join(parts)
    return flate(packed, times - 1) if times > 1 else packed


class Pdf:
    """A document's objects by number; ``root`` and ``info`` are the trailer's, ``pages`` the pages in order."""

    def __init__(self, data: bytes) -> None:
        self.objects = {int(number): body for number, body in _OBJECT.findall(data)}
        self.root = self._with(b"/Type /Catalog")
        self.info = self._with(b"/Producer")
        self.tree = self._with(b"/Type /Pages")
        kids = re.search(rb"/Kids \[([^]]*)\]", self.objects[self.tree])
        assert kids
        self.pages = [int(number) for number in re.findall(rb"(\d+) 0 R", kids[1])]
        self.trailer = b""
        """More entries of the trailer."""
        self.prologue = b"%PDF-1.7\n"

    def _with(self, entry: bytes) -> int:
        return next(number for number, body in self.objects.items() if entry in body)

    @property
    def page(self) -> int:
        """The first page."""
        return self.pages[0]

    def add(self, body: bytes) -> int:
        """A further object; its number."""
        number = max(self.objects) + 1
        self.objects[number] = body
        return number

    def stream(self, data: bytes, entries: bytes = b"", length: bytes | None = None) -> int:
        """A further stream; its number. ``length`` is what it says of its length, where that is not true."""
        said = b"%d" % len(data) if length is None else length
        return self.add(b"<< /Length %s %s >>\nstream\n%s\nendstream" % (said, entries, data))

    def packed(self, data: bytes, entries: bytes = b"", times: int = 1, *, count: int = 1) -> int:
        """A further stream, of the data ``count`` times, that is compressed ``times`` times."""
        filters = b" ".join([b"/FlateDecode"] * times)
        return self.stream(flate(data, times, count=count), b"/Filter [%s] %s" % (filters, entries))

    def image(self, width: int, height: int, data: bytes, entries: bytes) -> int:
        """A picture that says of itself that it is so many pixels wide and high."""
        return self.stream(data, b"/Type /XObject /Subtype /Image /Width %d /Height %d %s" % (width, height, entries))

    def form(self, content: bytes, entries: bytes = b"") -> int:
        """A form: content that others draw by name."""
        return self.stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 600 850] " + entries)

    def replace(self, number: int, old: bytes, new: bytes) -> None:
        """Change an object; what is to be changed must be there."""
        assert old in self.objects[number], (old, self.objects[number][:400])
        self.objects[number] = self.objects[number].replace(old, new, 1)

    def resources(self, entries: bytes, page: int | None = None) -> None:
        """Add resources to a page."""
        self.replace(page or self.page, b"/Resources <<", b"/Resources << " + entries)

    def contents(self, before: Iterable[int] = (), after: Iterable[int] = (), page: int | None = None) -> None:
        """Have these streams drawn before or after what a page draws."""
        page = page or self.page
        own = re.search(rb"/Contents (\d+ 0 R|\[[^]]*\])", self.objects[page])
        assert own
        refs = [b"%d 0 R" % number for number in before], [b"%d 0 R" % number for number in after]
        parts = [*refs[0], own[1].strip(b"[]"), *refs[1]]
        self.replace(page, own[0], b"/Contents [%s]" % b" ".join(parts))

    def draw(self, number: int, content: bytes = b"q 40 0 0 40 20 780 cm /X Do Q", page: int | None = None) -> None:
        """Draw an object, whose name is then X, in a corner of a page, before its text."""
        self.resources(b"/XObject << /X %d 0 R >>" % number, page)
        self.contents(before=[self.stream(content)], page=page)

    def alone(self, number: int, content: bytes = b"q 595 0 0 842 0 0 cm /X Do Q") -> None:
        """Have each page draw this object and nothing else, as a scan does."""
        stream = self.stream(content)
        for page in self.pages:
            self.resources(b"/XObject << /X %d 0 R >>" % number, page)
            own = re.search(rb"/Contents \d+ 0 R", self.objects[page])
            assert own
            self.replace(page, own[0], b"/Contents %d 0 R" % stream)

    def pack_contents(self, page: int) -> None:
        """Compress what a page draws, as nearly all writers do."""
        own = re.search(rb"/Contents (\d+) 0 R", self.objects[page])
        assert own
        _, _, rest = self.objects[int(own[1])].partition(b"\nstream\n")
        data = flate(rest.removesuffix(b"\nendstream"))
        self.objects[int(own[1])] = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(data), data)

    def body(self) -> tuple[bytes, dict[int, int]]:
        """The objects as bytes, and where each begins."""
        data = bytearray(self.prologue)
        places = {}
        for number, content in self.objects.items():
            places[number] = len(data)
            data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
        return bytes(data), places

    def __bytes__(self) -> bytes:
        data, places = self.body()
        size = max(places) + 1
        rows = [b"0000000000 65535 f \n"]
        rows += [b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 00000 f \n" for n in range(1, size)]
        trailer = b"/Size %d /Root %d 0 R /Info %d 0 R %s" % (size, self.root, self.info, self.trailer)
        table = b"xref\n0 %d\n%strailer\n<< %s >>\n" % (size, b"".join(rows), trailer)
        return data + table + b"startxref\n%d\n%%%%EOF\n" % len(data)
