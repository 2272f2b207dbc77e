"""Word files out of XML: a zip with a body, and the elements that a body is made of.

In: blocks as XML. Out: a file whose bytes are the same for the same blocks.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = {
    "w": W,
    "r": _RELATIONS,
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_EPOCH = (2024, 1, 20, 0, 0, 0)

STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="11"><w:name w:val="toc 1"/><w:basedOn w:val="a"/></w:style>'
    '<w:style w:type="character" w:styleId="quiet"><w:name w:val="Quiet"/><w:rPr><w:vanish/></w:rPr></w:style>'
)


def pack(
    path: Path,
    body: str,
    *,
    numbering: str = "",
    styles: str = "",
    strict: bool = False,
    main: str = "word/document.xml",
    main_type: str = MAIN_TYPE,
    title: str = "",
    created: str = "2024-01-20T08:00:00Z",
    more: Mapping[str, str | bytes] | None = None,
    head: str = _HEAD,
) -> Path:
    """A Word file with that body. ``more`` are further members of the zip; they replace those of the same name."""
    spaces = dict(_NAMESPACES)
    relations = _RELATIONS
    if strict:
        spaces["w"], relations = STRICT, "http://purl.oclc.org/ooxml/officeDocument/relationships"
    folder, _, base = main.rpartition("/")
    declared = " ".join(f'xmlns:{name}="{space}"' for name, space in spaces.items())

    def root(name: str, inner: str) -> str:
        return f"{head}<{name} {declared}>{inner}</{name}>"

    def related(*targets: tuple[str, str]) -> str:
        inner = "".join(
            f'<Relationship Id="rId{i}" Type="{kind}" Target="{target}"/>' for i, (kind, target) in enumerate(targets)
        )
        return f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'

    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{main_type}"/></Types>',
        "_rels/.rels": related((f"{relations}/officeDocument", f"/{main}"), (core, "docProps/core.xml")),
        "docProps/core.xml": root(
            "coreProperties", f"<dc:title>{escape(title)}</dc:title><dcterms:created>{created}</dcterms:created>"
        ),
        main: root("w:document", f"<w:body>{body}<w:sectPr/></w:body>"),
        f"{folder}/_rels/{base}.rels".lstrip("/"): related(
            (f"{relations}/numbering", "numbering.xml"),
            (f"{relations}/styles", "styles.xml"),
            (f"{relations}/footer", "footer1.xml"),
        ),
        f"{folder}/numbering.xml".lstrip("/"): root("w:numbering", numbering),
        f"{folder}/styles.xml".lstrip("/"): root("w:styles", styles or STYLES),
        f"{folder}/footer1.xml".lstrip("/"): root("w:ftr", paragraph("— 1 —")),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in (members | dict(more or {})).items():
            file.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return path


def text(characters: str) -> str:
    return f'<w:t xml:space="preserve">{escape(characters)}</w:t>'


def run(characters: str, properties: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{text(characters)}</w:r>"


def paragraph(characters: str = "", properties: str = "", inner: str = "") -> str:
    """A paragraph: its text in a run, then ``inner`` as it is."""
    head = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{head}{run(characters) if characters else ''}{inner}</w:p>"


def in_list(id: int, level: int = 0) -> str:
    """The property of a paragraph that is numbered automatically."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{id}"/></w:numPr>'


def cell(inner: str, span: int = 1, properties: str = "") -> str:
    """A cell. ``inner`` is text, or blocks if it begins with a tag."""
    across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    blocks = inner if inner.startswith("<") else paragraph(inner)
    return f"<w:tc><w:tcPr>{across}{properties}</w:tcPr>{blocks}</w:tc>"


def table(*rows: Sequence[str], widths: Sequence[int] = ()) -> str:
    """A table of rows of cells; a cell is text or what ``cell`` makes."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    made = "".join(
        f"<w:tr>{''.join(c if c.startswith('<w:') and 'tcPr' in c[:40] else cell(c) for c in row)}</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{made}</w:tbl>"


def vml_box(blocks: str, style: str = "width:430pt") -> str:
    box = f"<v:textbox><w:txbxContent>{blocks}</w:txbxContent></v:textbox>"
    return f'<w:r><w:pict><v:shape style="{style}">{box}</v:shape></w:pict></w:r>'


def _drawing(blocks: str, offset: int | None = None) -> str:
    position = (
        f'<wp:positionV relativeFrom="paragraph"><wp:posOffset>{offset}</wp:posOffset></wp:positionV>'
        if offset is not None
        else ""
    )
    return (
        f"<w:drawing><wp:anchor>{position}<a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent>{blocks}"
        "</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )


def drawing_box(blocks: str, offset: int | None = None) -> str:
    return f"<w:r>{_drawing(blocks, offset)}</w:r>"


def alternate_box(blocks: str) -> str:
    """What Word writes: the box as a drawing, and once more for older programs."""
    old = vml_box(blocks).removeprefix("<w:r>").removesuffix("</w:r>")
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{_drawing(blocks)}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def embed(path: Path, *parts: str | bytes, body: str = "{}", mode: str = "Internal") -> Path:
    """A Word file whose text is other files (altChunk): ``body`` with them, in order, in place of ``{}``."""
    kind = f"{_RELATIONS}/aFChunk"
    chunks = "".join(f'<w:altChunk r:id="c{number}"/>' for number in range(len(parts)))
    relations = "".join(
        f'<Relationship Id="c{number}" Type="{kind}" Target="chunk{number}.dat" TargetMode="{mode}"/>'
        for number in range(len(parts))
    )
    root = "http://schemas.openxmlformats.org/package/2006/relationships"
    more: dict[str, str | bytes] = {f"word/chunk{number}.dat": part for number, part in enumerate(parts)}
    more["word/_rels/document.xml.rels"] = f'{_HEAD}<Relationships xmlns="{root}">{relations}</Relationships>'
    return pack(path, body.replace("{}", chunks), more=more)
