"""What the catalog holds -> what a page shows.

In: an agency's packages. Out: views that a template only has to walk through: the official tables with each figure and
its findings in place, the labels of what a finding names, the years of an agency side by side. No words are chosen here
but the form's own labels; those of the site are the templates', through the language.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gongkai.checks.form_checks import left_open
from gongkai.checks.rules import is_contradiction, two_sided_checks
from gongkai.form import EDITIONS, FormTable, load_form, load_forms
from gongkai.model import (
    REQUESTS,
    RESOURCES,
    Change,
    Correction,
    Figure,
    Finding,
    Key,
    Report,
    Table,
    TableRow,
)
from gongkai.numerals import SECTIONS
from gongkai.publish.packaged_report import PackagedReport
from gongkai.publish.peer_comparison import Median, Peers, median_of_others
from gongkai.publish.rankings import PeerGroup
from gongkai.publish.report_summary import BALANCED, Headline, Summary, headline, summarise
from gongkai.publish.table_layout import LayoutBlock, lay_out

SENTENCE_ENDS = "。；\n"

PeersOf = Callable[[PeerGroup, int], Peers]


def no_peers(_group: PeerGroup, _year: int) -> Peers:
    """Where an agency stands alone."""
    return Peers({}, {})


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a report's prose: the words that state a figure, and those before and after them."""

    section: int
    before: str
    stated: str
    after: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with what it names in the form's own words.

    ``row_label`` and ``column_label`` are empty where it names a group or nothing; ``target`` is the id of the figure
    that it is about, empty if it is about none that the page shows; ``number`` counts the report's findings from 1.
    """

    number: int
    finding: Finding
    row_label: str
    column_label: str
    target: str
    quote: Quote | None = None
    """The sentence that states a figure otherwise than the table."""
    is_open: bool = False
    """The two sides differ, but cells that they are made of are blank: whether they would agree isn't known."""

    @property
    def is_contradiction(self) -> bool:
        """It is of two figures that ought to be one and differ; any other finding is a remark on a figure."""
        return is_contradiction(self.finding.check, self.finding.severity) and not self.is_open


@dataclass(frozen=True, slots=True)
class RecordView:
    """A correction, or a change of a published figure, with its figure's labels and id (empty if no page shows it)."""

    record: Correction | Change
    row_label: str
    column_label: str
    target: str


@dataclass(frozen=True, slots=True)
class CellView:
    """A figure in its place in the table. ``figure`` is ``None`` where the report doesn't print it."""

    id: str
    figure: Figure | None
    findings: tuple[FindingView, ...]
    unread: bool
    """It is printed, but couldn't be read with certainty, so that it is left empty."""
    source: str = ""
    """Where the site shows the place that it was read from, relative to the report's page; empty if it is nowhere."""

    @property
    def is_contradicted(self) -> bool:
        return any(view.is_contradiction for view in self.findings)


@dataclass(frozen=True, slots=True)
class TableView:
    """An official table. ``columns_checked`` are a check's findings that name a column only, by column.

    ``pages`` are the original's pages that it stands on; ``found`` is false where the report has no such table.
    """

    resource: str
    is_found: bool
    blocks: tuple[LayoutBlock, ...]
    cells: Mapping[Key, CellView]
    rows_in_doubt: Mapping[str, FindingView]
    columns_checked: Mapping[str, Mapping[str, FindingView]]
    pages: tuple[int, ...]
    doubts: int
    """How many findings are errors or warnings."""


@dataclass(frozen=True, slots=True)
class ReportView:
    """``summary`` has every total as printed; ``undisputed`` lacks those that other figures contradict, ``disputed``.

    ``contradicted`` are the figures, or columns, that an error of the checks names; ``unbalanced`` is the finding that
    the totals of received and handled applications don't balance, if they don't. ``before`` is the undisputed summary
    of the year before, where there is one of the same scope; ``received_elsewhere`` and ``disclosed_elsewhere`` are the
    medians of like agencies.
    """

    package: PackagedReport
    summary: Summary
    undisputed: Summary
    disputed: bool
    contradicted: frozenset[Key]
    unbalanced: Finding | None
    before: Summary | None
    received_elsewhere: Median | None
    disclosed_elsewhere: Median | None
    headline: tuple[Headline, ...]
    tables: Mapping[str, TableView]
    findings: Mapping[str, tuple[FindingView, ...]]
    """By check, the gravest first."""
    corrections: tuple[RecordView, ...]
    history: tuple[RecordView, ...]

    @property
    def report(self) -> Report:
        return self.package.report

    @property
    def doubts(self) -> tuple[FindingView, ...]:
        """The findings that are errors or warnings."""
        return tuple(view for views in self.findings.values() for view in views if view.finding.severity != "info")

    @property
    def contradictions(self) -> tuple[FindingView, ...]:
        """Those of the doubts that set a figure against another one."""
        return tuple(view for view in self.doubts if view.is_contradiction)

    def section(self, number: int) -> tuple[str, tuple[str, ...]]:
        """The numbered heading and the paragraphs of a section; the form's heading where the report has no such one."""
        for section in self.report.sections:
            if section.number == number:
                return _numbered(section.heading, number), tuple(filter(str.strip, section.text.split("\n")))
        heading = next(section.heading for section in load_form("2021").sections if section.number == number)
        return _numbered(heading, number), ()


@dataclass(frozen=True, slots=True)
class AgencyView:
    """An agency over its years: ``reports`` by year, the earliest first; ``missing`` are the years between without one.

    ``outcomes`` lays out every outcome that any of the years has.
    """

    reports: tuple[ReportView, ...]
    missing: tuple[int, ...]
    outcomes: LayoutBlock

    @property
    def latest(self) -> ReportView:
        return self.reports[-1]

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(range(self.reports[0].report.year, self.latest.report.year + 1))


def agency_view(packages: Sequence[PackagedReport], peers: PeersOf = no_peers) -> AgencyView:
    """The view of an agency's packages, the earliest year first, at least one. ``peers`` knows like agencies."""
    views: list[ReportView] = []
    for package in packages:
        before = views[-1] if views and views[-1].report.year == package.report.year - 1 else None
        peer_group = PeerGroup(package.report.agency.level, package.report.agency.kind, package.report.scope)
        views.append(_report_view(package, before, peers(peer_group, package.report.year)))
    there = {package.report.year for package in packages}
    return AgencyView(
        reports=tuple(views),
        missing=tuple(year for year in range(min(there), max(there)) if year not in there),
        outcomes=_outcomes(packages),
    )


def anchor(key: Key) -> str:
    """The id of a figure on its report's page."""
    return f"{key.resource}-{key.row}-{key.column}"


def _report_view(package: PackagedReport, before: ReportView | None, peers: Peers) -> ReportView:
    summary = summarise(package.report)
    comparable = before if before and before.report.scope == package.report.scope else None
    open_ = left_open(package.report)
    errors = [
        finding
        for finding in package.findings
        if finding.severity == "error"
        and finding.check in two_sided_checks()
        and (finding.check, finding.at) not in open_
    ]
    disputed = frozenset(finding.at for finding in errors)
    forms = [load_form(edition) for edition in EDITIONS]
    layouts = {resource: lay_out(package.report.table(resource), forms) for resource in RESOURCES}
    keys = {key for blocks in layouts.values() for block in blocks for row in block.rows for key in row.keys}
    labels = labels_of(package.report)
    findings = [
        _finding_view(number, finding, package.report, labels, keys, (finding.check, finding.at) in open_)
        for number, finding in enumerate(package.findings, 1)
    ]
    return ReportView(
        package=package,
        summary=summary,
        undisputed=summarise(package.report, disputed),
        disputed=any(key.row and key.column == "total" for key in disputed),
        contradicted=disputed,
        unbalanced=next(
            (finding for finding in errors if finding.check == "balance" and finding.column == "total"), None
        ),
        before=comparable.undisputed if comparable else None,
        received_elsewhere=median_of_others(peers.received, package.report.agency.id),
        disclosed_elsewhere=median_of_others(peers.disclosed, package.report.agency.id),
        headline=headline(summary, comparable.summary if comparable else None, _totals_in_doubt(disputed)),
        tables={resource: _table_view(package.report, resource, layouts[resource], findings) for resource in RESOURCES},
        findings=_by_check(findings),
        corrections=tuple(_record_view(record, labels, keys) for record in package.report.corrections),
        history=tuple(_record_view(record, labels, keys) for record in package.report.history),
    )


def _totals_in_doubt(contradicted: Collection[Key]) -> set[str]:
    """The headline figures that rest on a figure that other figures contradict."""
    rows = {key.row for key in contradicted if key.resource == REQUESTS and key.column == "total"}
    doubts = rows | set(BALANCED if "" in rows else ())
    return doubts | {"disclosed"} if rows.intersection(("granted", "partially_granted")) else doubts


def _numbered(heading: str, number: int) -> str:
    numeral = SECTIONS[number - 1]
    return heading if heading.startswith(numeral) else f"{numeral}、{heading}"


def labels_of(report: Report) -> dict[tuple[str, str], str]:
    """(resource, row or column) -> its label on the form; the edition that the report has goes before the other."""
    labels: dict[tuple[str, str], str] = {}
    for form in sorted(load_forms(), key=lambda form: form.edition != report.form):
        for table in form.tables:
            for name, label in _form_labels(table):
                labels.setdefault((table.resource, name), label)
    return labels


def _form_labels(table: FormTable) -> Iterable[tuple[str, str]]:
    for block in table.blocks:
        for column in block.columns:
            yield column.id, column.label
    for row in table.rows():
        yield row.id, row.label


def _finding_view(
    number: int, finding: Finding, report: Report, labels: Mapping[tuple[str, str], str], keys: set[Key], is_open: bool
) -> FindingView:
    key = finding.at
    return FindingView(
        number=number,
        finding=finding,
        row_label=labels.get((finding.resource, finding.row), ""),
        column_label=labels.get((finding.resource, finding.column), ""),
        target=anchor(key) if key in keys else "",
        quote=_quote(finding, report),
        is_open=is_open,
    )


def _record_view(
    record: Correction | Change, labels: Mapping[tuple[str, str], str], keys: Collection[Key]
) -> RecordView:
    resource, row, column = record.key
    return RecordView(
        record=record,
        row_label=labels.get((resource, row), row),
        column_label=labels.get((resource, column), column),
        target=anchor(record.key) if record.key in keys else "",
    )


def _quote(finding: Finding, report: Report) -> Quote | None:
    """The sentence that a finding about the prose speaks of."""
    for said in report.statements if finding.check == "narrative" else ():
        about = (said.row, said.column, format(said.value, "f"))
        text = next((section.text for section in report.sections if section.number == said.section), "")
        if said.agrees is False and about == (finding.row, finding.column, finding.actual) and said.end <= len(text):
            start = max(text.rfind(end, 0, said.start) for end in SENTENCE_ENDS) + 1
            ends = [end_at for end in SENTENCE_ENDS if (end_at := text.find(end, said.end)) >= 0]
            stop = min(ends) + 1 if ends else len(text)
            return Quote(said.section, text[start : said.start], text[said.start : said.end], text[said.end : stop])
    return None


def _table_view(
    report: Report, resource: str, blocks: tuple[LayoutBlock, ...], findings: Sequence[FindingView]
) -> TableView:
    of_table = [view for view in findings if view.finding.resource == resource]
    cells: dict[Key, CellView] = {}
    for key in (key for block in blocks for row in block.rows for key in row.keys):
        at_key = tuple(view for view in of_table if view.target == anchor(key) and view.finding.check != "missing_cell")
        figure = report.figures.get(key)
        is_empty = figure is None or figure.value is None
        unread = is_empty and any(_leaves_empty(view, key) for view in of_table)
        cells[key] = CellView(anchor(key), figure, at_key, unread, f"source/#{anchor(key)}" if figure else "")
    columns: dict[str, dict[str, FindingView]] = {}
    for view in of_table:
        if view.finding.column and not view.finding.row and view.is_contradiction:
            columns.setdefault(view.finding.check, {})[view.finding.column] = view
    boxes = (cell.figure.box for cell in cells.values() if cell.figure)
    return TableView(
        resource=resource,
        is_found=any(cell.figure for cell in cells.values()),
        blocks=blocks,
        cells=cells,
        rows_in_doubt={view.finding.row: view for view in of_table if view.finding.row and not view.finding.column},
        columns_checked=columns,
        pages=tuple(sorted({box.page for box in boxes if box})),
        doubts=sum(view.finding.severity != "info" for view in of_table),
    )


def _leaves_empty(view: FindingView, key: Key) -> bool:
    """Whether the finding says of this figure, or of its whole row or column, that it couldn't be read."""
    finding = view.finding
    if finding.check != "reading" or not (finding.row or finding.column):
        return False
    return finding.row in ("", key.row) and finding.column in ("", key.column)


def _by_check(findings: Sequence[FindingView]) -> dict[str, tuple[FindingView, ...]]:
    severities = ("error", "warning", "info")
    by_check: dict[str, list[FindingView]] = {}
    for view in sorted(findings, key=lambda view: (severities.index(view.finding.severity), view.is_open, view.number)):
        by_check.setdefault(view.finding.check, []).append(view)
    return {check: tuple(views) for check, views in by_check.items()}


def _outcomes(packages: Sequence[PackagedReport]) -> LayoutBlock:
    rows: dict[str, TableRow] = {}
    for package in packages:
        for row in package.report.table(REQUESTS).rows:
            rows.setdefault(row.id, row)
    return lay_out(Table(REQUESTS, None, tuple(rows.values())), [load_form("2021")])[0]
