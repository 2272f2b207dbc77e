"""Two packages, or two folders of packages -> what differs between them, cell by cell, as text, CSV or Markdown.

In: the folders. Out: Differences by agency and year, one report at a time: figures that became others, findings that
came or went, reports that stand on one side alone; and lines of each format. Nothing is written, and nothing in the
packages is run or followed: what they say is shown without characters that a terminal or a page would obey.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Literal

from gongkai.errors import PackageError, UsageError
from gongkai.model import Finding
from gongkai.package.csv_tables import written
from gongkai.package.folder import DESCRIPTOR, Package, is_regular, iter_packages, read_package
from gongkai.package.history import different

Format = Literal["text", "csv", "markdown"]
FORMATS: tuple[Format, ...] = ("text", "csv", "markdown")

_ALONE = ("", "")
"""The place of a package that is compared alone."""
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#~&])")


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure, a finding or a whole report that differs; ``old`` or ``new`` is empty where that side has none.

    ``check`` is the finding's; ``old`` and ``new`` are figures, the words of a finding, or the title of a report.
    """

    agency: str
    year: int
    what: Literal["figure", "finding", "report"]
    check: str
    resource: str
    row: str
    column: str
    old: str
    new: str


def differences(old: Path, new: Path, fault: Callable[[str], None]) -> Iterator[Difference]:
    """What differs, by agency and year; ``fault`` is told of each package that cannot be read.

    Raises ``UsageError`` if the folders are not two packages, nor two folders of packages.
    """
    olds, news = _reports(old), _reports(new)
    if (_ALONE in olds) != (_ALONE in news):
        raise UsageError(f"{old}, {new}: one is a package and one a folder of packages; name two of a kind")
    for place in sorted({*olds, *news}):
        try:
            before, after = (_package(side.get(place)) for side in (olds, news))
            yield from _between(before, after)
        except PackageError as error:
            fault(str(error))


def lines(found: Iterable[Difference], form: Format) -> Iterator[str]:
    """The lines that tell the differences, in one of ``FORMATS``."""
    return {"text": _text, "csv": _csv, "markdown": _markdown}[form](found)


def _reports(folder: Path) -> dict[tuple[str, str], Path]:
    """The packages of a folder by agency and year; the place of a package that is given itself has no name."""
    if is_regular(folder / DESCRIPTOR):
        return {_ALONE: folder}
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; name a package, or a folder of packages")
    found = {(path.parent.name, path.name): path for path in iter_packages(folder)}
    if not found:
        raise UsageError(f"{folder}: is no package and holds none; name a package, or a folder of packages")
    return found


def _package(folder: Path | None) -> Package | None:
    return read_package(folder) if folder else None


def _between(old: Package | None, new: Package | None) -> Iterator[Difference]:
    if old and new:
        at = (new.report.agency.id, new.report.year)
        for key, left, right in different(old.report.figures, new.report):
            yield Difference(*at, "figure", "", *key, written(left), written(right))
        for finding in _only_in(old.findings, new.findings):
            yield _finding(at, finding, finding.message, "")
        for finding in _only_in(new.findings, old.findings):
            yield _finding(at, finding, "", finding.message)
    elif here := old or new:
        report = here.report
        titles = (report.title, "") if old else ("", report.title)
        yield Difference(report.agency.id, report.year, "report", "", "", "", "", *titles)


def _only_in(these: Iterable[Finding], those: Iterable[Finding]) -> list[Finding]:
    """The findings that the others lack; one whose words alone changed is the same."""
    known = {finding.essence for finding in those}
    return [finding for finding in these if finding.essence not in known]


def _finding(at: tuple[str, int], finding: Finding, old: str, new: str) -> Difference:
    return Difference(*at, "finding", finding.check, *finding.at, old, new)


def _text(found: Iterable[Difference]) -> Iterator[str]:
    """A line for each report that differs, and below it one for each of its differences."""
    at = None
    for each in found:
        if each.what == "report":
            yield _plain(f"{'-' if each.old else '+'} {each.agency} {each.year} {each.old or each.new}")
            continue
        if at != (at := (each.agency, each.year)):
            yield _plain(f"{each.agency} {each.year}")
        where = "/".join(part for part in (each.resource, each.row, each.column) if part)
        if each.what == "figure":
            yield _plain(f"  {where}: {each.old or 'blank'} -> {each.new or 'blank'}")
        else:
            yield _plain(f"  {'-' if each.old else '+'} {each.check} {where}: {each.old or each.new}")


def _csv(found: Iterable[Difference]) -> Iterator[str]:
    yield _csv_line([field.name for field in fields(Difference)])
    for each in found:
        yield _csv_line([_plain(str(part)) for part in astuple(each)])


def _csv_line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def _markdown(found: Iterable[Difference]) -> Iterator[str]:
    """One table, with a row for each difference."""
    names = [field.name for field in fields(Difference)]
    yield f"| {' | '.join(names)} |"
    yield f"|{' --- |' * len(names)}"
    for each in found:
        cells = [_MARKUP.sub(r"\\\1", _plain(str(part))) for part in astuple(each)]
        yield f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """The text in one line, without control characters."""
    return "".join(character if character.isprintable() else " " for character in text)
