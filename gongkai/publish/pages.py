"""The registry of page kinds: which pages the site has, where each lies, what draws it and what it is made from.

In: nothing. Out: ``page_kinds``. What is written, the navigation, the sitemap, the tests' list of pages and
docs/site.md follow from it: a new kind of page is an entry here, with its view, and a template. Every kind is in every
language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar

from gongkai.publish import page_views as views
from gongkai.publish import patterns
from gongkai.publish.page_views import AgencyInputs, ReportInputs, SiteInputs

MadeFrom = Literal["catalog", "registry", "regions", "region", "agency", "peers", "pictures"]
"""What a page changes with, beside the templates, the words, our own data files and the options of the build:

``catalog``   any report
``registry``  agencies.csv, the files that were refused, and today
``regions``   the tree of divisions: their names, and how many agencies and reports each has
``region``    the latest reports of a division's agencies, and of the governments below it
``agency``    the packages of one agency, which name what they were compared with, and what is known of its other years
``peers``     figures of like agencies in the same year
``pictures``  those of a report's own pages
"""


class View(Protocol):
    """A frozen dataclass, whose fields are the names that its template knows."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


Inputs = TypeVar("Inputs")


@dataclass(frozen=True, slots=True)
class Navigation:
    """A place in the header of every page, the lowest ``position`` first; ``label`` is a message of the templates."""

    position: int
    label: str


@dataclass(frozen=True, slots=True)
class FilesBeside:
    """Files that lie beside a page, in its language: ``name`` and ``template``, and their views."""

    name: str
    template: str
    views: Callable[[Any], Iterable[View]]


@dataclass(frozen=True, slots=True)
class PageKind(Generic[Inputs]):
    """A kind of page.

    ``address`` is below the language's root, filled in from the view's fields; ``views`` makes the views, one a page,
    each of the type ``view``. A page changes only with what it is ``made_from``.
    """

    name: str
    address: str
    template: str
    view: type[View]
    views: Callable[[Inputs], Iterable[View]]
    made_from: frozenset[MadeFrom] = frozenset()
    navigation: Navigation | None = None
    is_listed: bool = True
    """The sitemap has it."""
    is_absolute: bool = False
    """Its links begin at the site's own path, since a server shows it at any depth."""
    joins: bool = False
    """Listed together with the kind before it, language by language; else page by page, each in all languages."""
    beside: tuple[FilesBeside, ...] = ()

    def address_of(self, view: View) -> str:
        return self.address.format_map(names_of(view))

    def matches(self, address: str) -> bool:
        """Whether a page of this kind may lie at an address below its language's root."""
        return re.fullmatch(re.sub(r"\\\{.*?\\\}", "[^/]*/?", re.escape(self.address)), address) is not None


def made_from(*inputs: MadeFrom) -> frozenset[MadeFrom]:
    return frozenset(inputs)


OF_SITE: tuple[PageKind[SiteInputs], ...] = (
    PageKind("home", "", "home.html", views.HomePage, views.home_pages, made_from("catalog")),
    PageKind(
        "region",
        "region/{region.code}/",
        "region.html",
        views.RegionPage,
        views.region_pages,
        made_from("regions", "region", "peers"),
        joins=True,
    ),
    PageKind(
        "not_found",
        "404.html",
        "404.html",
        views.PlainPage,
        views.plain_pages,
        is_listed=False,
        is_absolute=True,
    ),
    PageKind(
        "patterns",
        "patterns/",
        "patterns.html",
        patterns.PatternsPage,
        patterns.patterns_pages,
        is_listed=False,
    ),
    PageKind(
        "dark_patterns",
        "patterns/dark/",
        "patterns.html",
        patterns.PatternsPage,
        patterns.dark_patterns_pages,
        is_listed=False,
    ),
    PageKind(
        "data",
        "data/",
        "data.html",
        views.DataPage,
        views.data_pages,
        made_from("catalog", "registry"),
        navigation=Navigation(40, "Data"),
    ),
    PageKind(
        "indicators",
        "indicators/",
        "indicators.html",
        views.IndicatorsPage,
        views.indicators_pages,
        navigation=Navigation(10, "Indicators"),
    ),
    PageKind(
        "indicator",
        "indicators/{indicator.id}/",
        "indicator.html",
        views.IndicatorPage,
        views.indicator_pages,
        made_from("catalog"),
    ),
    PageKind(
        "coverage",
        "coverage/{part}",
        "coverage.html",
        views.CoveragePage,
        views.coverage_pages,
        made_from("catalog", "registry"),
        navigation=Navigation(30, "Coverage"),
    ),
    PageKind(
        "findings",
        "findings/",
        "findings.html",
        views.FindingsPage,
        views.findings_pages,
        made_from("catalog"),
        navigation=Navigation(20, "Findings"),
    ),
    PageKind(
        "method",
        "method/",
        "method.html",
        views.MethodPage,
        views.method_pages,
        navigation=Navigation(50, "Method"),
    ),
    PageKind(
        "contribute",
        "contribute/",
        "contribute.html",
        views.PlainPage,
        views.plain_pages,
        navigation=Navigation(60, "Contribute"),
    ),
)
"""The pages that look over all agencies, and those that explain."""

OF_AGENCY: tuple[PageKind[AgencyInputs], ...] = (
    PageKind(
        "agency",
        "agency/{agency.id}/",
        "agency.html",
        views.AgencyPage,
        views.agency_pages,
        made_from("agency", "peers", "regions"),
        beside=(FilesBeside("{kind}.svg", "chart.svg", views.chart_files),),
    ),
)

OF_REPORT: tuple[PageKind[ReportInputs], ...] = (
    PageKind(
        "report",
        "agency/{agency.id}/{view.report.year}/",
        "report.html",
        views.ReportPage,
        views.report_pages,
        made_from("agency", "peers", "regions"),
    ),
    PageKind(
        "source",
        "agency/{agency.id}/{view.report.year}/source/",
        "source.html",
        views.SourcePage,
        views.source_pages,
        made_from("agency", "regions", "pictures"),
        joins=True,
    ),
)


def page_kinds() -> tuple[PageKind[Any], ...]:
    """Every kind of page, in the order in which the sitemap lists them."""
    return (*OF_SITE, *OF_AGENCY, *OF_REPORT)


def navigation() -> list[tuple[str, str]]:
    """(address, label) of the overviews that every page leads to, in their order."""
    entries = [(kind.navigation, kind) for kind in page_kinds() if kind.navigation]
    entries.sort(key=lambda entry: entry[0].position)
    return [(kind.address.partition("{")[0], stands.label) for stands, kind in entries]


def joined(kinds: Sequence[PageKind[Inputs]]) -> Iterator[list[PageKind[Inputs]]]:
    """Kinds that are listed together, in their order."""
    run: list[PageKind[Inputs]] = []
    for kind in kinds:
        if run and not kind.joins:
            yield run
            run = []
        run.append(kind)
    if run:
        yield run


def names_of(view: View) -> dict[str, Any]:
    """The names that a template knows of its view."""
    return {field.name: getattr(view, field.name) for field in fields(view)}
