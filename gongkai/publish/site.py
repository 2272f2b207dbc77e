"""Packages -> catalog -> site/: every page, its downloads, the sitemap.

In: a folder of packages and the templates. Out: a folder of static files, written beside its place and renamed when
it is whole, so that a render that fails leaves the old site. Pages are rendered from the catalog, one agency at a time.
All links are relative, so that the site works under any path; only 404.html, which a server shows at any depth, uses
the path of the base URL. Everything that packages say is text: it is escaped, never markup. Nothing is fetched, and no
clock is read: the same packages give the same bytes.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from jinja2 import TemplateError

from gongkai.errors import PackageError, UsageError
from gongkai.model import Agency, Report
from gongkai.names.registry import Registry
from gongkai.package.folder import original_in
from gongkai.package.index import PackageIndex
from gongkai.package.recovery import LEFT, left_aside
from gongkai.publish.agency_charts import Chart, agency_charts, region_charts
from gongkai.publish.catalog import Catalog
from gongkai.publish.coverage import Refusal, presences
from gongkai.publish.language import Language
from gongkai.publish.overviews import overviews, take_stock
from gongkai.publish.patterns import patterns
from gongkai.publish.rankings import PeerGroup
from gongkai.publish.regions import NameOf, Region, region_tree
from gongkai.publish.report_downloads import Downloads, copy_downloads
from gongkai.publish.report_view import ReportView, agency_view
from gongkai.publish.source_images import Order, SourceImages, draw_pages, page_images
from gongkai.publish.source_view import source_view
from gongkai.publish.templates import Templates
from gongkai.system.atomic_folders import aside, held, move_in, put_back, scratch_folder

MARKER = ".gongkai-site"
"""A file that says: this folder was made here, and may be replaced."""

LOCAL_URL = "http://localhost:8000/"
"""Where a sitemap points without a base URL, since the format knows whole addresses only: where the site is tried."""

NEWEST_ON_HOME = 20

README_RULE = f"\n{'-' * 40}\n\n"
"""What parts the languages of a package's README.txt."""


def render_site(
    datasets: Path,
    site: Path,
    *,
    base_url: str = "",
    repository: str = "",
    templates: Path,
    name_of: NameOf | None = None,
    source_images: SourceImages = "none",
    jobs: int = 1,
    refused: Iterable[tuple[Path, str]] = (),
    say: Callable[[str], object] = lambda _: None,
) -> tuple[str, ...]:
    """Render the packages under ``datasets`` into the folder ``site``, which is replaced.

    ``base_url`` is where the site will lie; it goes into the sitemap, the canonical links and 404.html. ``repository``
    is where reports can be added and figures disputed.
    ``name_of`` names a division by its code; without it, the gazetteer does. ``source_images`` says of which reports
    the pages are drawn: of none, of those that the old site has no pictures of, or of all; ``jobs`` are drawn at once.
    ``refused`` are the report files that this run couldn't take in, and why: the page of coverage names them.
    ``say`` is told of reports whose pages can't be drawn: their figures are shown without a picture.
    Returns a line for each package that can't be read and so isn't shown. Raises ``UsageError`` if the base URL, the
    templates or a folder are wrong, ``OSError`` where there is no room for the site; then the old site stays.
    """
    base, sources = _address("--base-url", base_url), _address("--repository", repository)
    site = site.resolve()
    if datasets.resolve().is_relative_to(site):
        raise UsageError(f"{site}: holds the packages themselves: choose another folder for the site")
    try:
        with (
            held(datasets, say, to_read=True),
            _replacing(site, say) as build,
            Catalog(build / "catalog.sqlite") as catalog,
        ):
            unread = _fill(catalog, datasets)
            problems = [problem for _, problem in unread]
            refusals = take_stock(catalog, datasets, (*refused, *unread))
            pages = build / "pages"
            _copy_static(templates / "static", pages / "static")
            if source_images != "none":
                earlier = site if source_images == "new" else None
                for line in draw_pages(_orders(catalog, pages, earlier), jobs, build / "drawing"):
                    say(line)
            rendering = _Rendering(
                pages, Templates(templates), base, sources, catalog, name_of or _name_in_gazetteer, problems, refusals
            )
            rendering.write_all()
    except sqlite3.OperationalError as error:  # its file is in the site's scratch folder
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(site)) from error
    except TemplateError as error:
        raise UsageError(f"{templates}: a template is wrong: {error}") from error
    return tuple(problems)


def _copy_static(source: Path, target: Path) -> None:
    """The files that all pages share; the first that can't be copied is told alone."""
    for file in (path for path in sorted(source.rglob("*")) if path.is_file()):
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)


@contextmanager
def _replacing(site: Path, say: Callable[[str], object]) -> Iterator[Path]:
    """A folder beside ``site`` to build in; its ``pages`` take the place of ``site`` if nothing is raised.

    Of several runs that render a site at once each builds in a folder of its own, and the last one's site stays.
    """
    try:
        site.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{site.parent}: can't be made: {error.strerror}; choose another folder") from error
    with scratch_folder(site.parent, f".{site.name}.building-") as build:
        with held(site.parent, say):
            if (aside(site) / MARKER).is_file():
                put_back(site, build)
            _check_ours(site)
        yield build
        (build / "pages" / MARKER).touch()
        with held(site.parent, say):
            _check_ours(site)
            move_in(build / "pages", site, build, to_rest=False)


def _check_ours(site: Path) -> None:
    """Raises ``UsageError`` where something lies that no render may replace."""
    if site.exists() and not (site / MARKER).is_file() and (not site.is_dir() or any(site.iterdir())):
        raise UsageError(f"{site}: is not a site that was made here: empty it, or choose another folder")


def _fill(catalog: Catalog, datasets: Path) -> list[tuple[Path, str]]:
    """Read every package into the catalog; the folders of those that can't be read, and why."""
    from gongkai.package.folder import iter_packages, read_package

    registry = Registry.read(datasets / "agencies.csv")
    index = PackageIndex(datasets, registry)
    before: Report | None = None
    problems = [(left, f"{left}: {LEFT}") for left in left_aside(datasets)]
    # Packages come by agency and year: what the year before says is the report that was read before.
    for folder in iter_packages(datasets):
        try:
            package = read_package(folder)
            version = str(package.descriptor["report"]["extractor_version"])
            report = _with_kind(package.report, registry)
            catalog.add(report, package.findings, folder, version, index.other_reports(report, before))
            before = report
        except PackageError as error:
            problems.append((folder, str(error)))
    return problems


def _orders(catalog: Catalog, pages: Path, earlier: Path | None) -> Iterator[Order]:
    """The pictures that the site's source pages need."""
    for agency, year, folder, numbers in catalog.pictured():
        place = Path("agency", agency, str(year), "source")
        try:
            yield Order(original_in(folder), numbers, pages / place, earlier / place if earlier else None)
        except PackageError:
            continue  # the missing original is told where it would be copied


def _with_kind(report: Report, registry: Registry) -> Report:
    """The report of an agency whose kind is known: the registry alone says what kind of body it is."""
    known = registry.by_id(report.agency.id)
    return replace(report, agency=replace(report.agency, kind=known.kind)) if known else report


def _name_in_gazetteer(code: str) -> str | None:
    from gongkai.names.places import load_gazetteer

    place = load_gazetteer().by_code(code)
    return place.name if place else None


def _address(option: str, text: str) -> str:
    """The address that an option gives, with a slash at its end, or nothing."""
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise UsageError(f"{option} {text}: not an address of a site: give one such as https://example.org/gongkai/")
    return text if text.endswith("/") else f"{text}/"


def _above(region: Region, regions: Mapping[str, Region]) -> list[Region]:
    return [regions[code] for code in region.parents]


@dataclass(slots=True)
class _Rendering:
    """One run over the catalog. ``problems`` collects packages whose files couldn't be copied."""

    out: Path
    templates: Templates
    base: str
    repository: str
    catalog: Catalog
    name_of: NameOf
    problems: list[str]
    refusals: tuple[Refusal, ...]
    addresses: list[str] = field(default_factory=list)

    def write_all(self) -> None:
        regions = region_tree(self.catalog.divisions(), self.name_of)
        for language in self.templates.languages:
            self._write_lists(language, regions)
            self._write_patterns(language)
        bulk = self.catalog.write_bulk(self.out / "data")
        for language in self.templates.languages:
            self._page(language, "data/", "data.html", bulk=bulk)
        for overview in overviews(self.catalog, self.refusals):
            for language in self.templates.languages:
                self._page(language, overview.path, overview.template, **overview.context)
        for agency in self.catalog.agencies():
            self._write_agency(agency, regions)
        self._write_for_robots()

    def _write_lists(self, language: Language, regions: Mapping[str, Region]) -> None:
        newest = self.catalog.newest(NEWEST_ON_HOME)
        self._page(language, "", "home.html", size=self.catalog.size(), newest=newest, regions=regions)
        for region in regions.values():
            lines = self.catalog.latest_of(region.code)
            governments = self.catalog.governments_of(region.children)
            charts = region_charts(lines, self.catalog.peers)
            place: dict[str, Any] = {
                "charts": charts,
                "governments": governments,
                "above": _above(region, regions),
                "above_agency": None,
                "regions": regions,
            }
            self._page(language, f"region/{region.code}/", "region.html", region=region, lines=lines, **place)
        # A server shows the first language's page for whatever is lost, at any depth; the other can be reached from it.
        start = urlsplit(self.base or LOCAL_URL).path
        others = [(other, f"{start}{other.prefix}404.html") for other in self.templates.languages if other != language]
        lost = self.templates.render(
            language, "404.html", root=start, home=start + language.prefix, canonical="", alternates=(), others=others
        )
        (self.out / language.prefix / "404.html").write_text(lost, encoding="utf-8", newline="\n")

    def _write_agency(self, agency: Agency, regions: Mapping[str, Region]) -> None:
        view = agency_view(self.catalog.entries(agency), self.catalog.peers)
        region = regions[agency.division_code]
        peer_group = PeerGroup(agency.level, agency.kind, view.latest.report.scope)
        charts = agency_charts(view, self.catalog.peers(peer_group, view.latest.report.year))
        indicators = self.catalog.indicators_of(agency, peer_group.scope, view.latest.report.year)
        there = [report.report.year for report in view.reports]
        place: dict[str, Any] = {
            "agency_view": view,
            "years": presences(self.catalog.coverage_of(agency), there),
            "agency": agency,
            "above": [*_above(region, regions), region],
        }
        for language in self.templates.languages:
            context: dict[str, Any] = {
                "charts": charts,
                "indicators": indicators,
                "peer_group": peer_group,
                "above_agency": None,
            } | place
            self._page(language, f"agency/{agency.id}/", "agency.html", **context)
            self._write_charts(language, agency, charts, view.latest.report.year)
        for report in view.reports:
            path = f"agency/{agency.id}/{report.report.year}/"
            downloads = self._copy_downloads(report, path)
            source = source_view(report, page_images(self.out / path / "source"))
            checks = self.catalog.checks_of(agency, report.report.year)
            for language in self.templates.languages:
                context = {"view": report, "downloads": downloads, "above_agency": agency} | place
                self._page(language, path, "report.html", checks=checks, **context)
                self._page(language, f"{path}source/", "source.html", source=source, **context)

    def _write_charts(self, language: Language, agency: Agency, charts: Mapping[str, Chart], year: int) -> None:
        """Each chart as a file beside the agency's page, which has been written."""
        path = f"{language.prefix}agency/{agency.id}/"
        context = {"agency": agency, "year": year, "address": f"{self.base}{path}" if self.base else ""}
        for kind, chart in charts.items():
            text = self.templates.render(language, "chart.svg", kind=kind, chart=chart, **context)
            (self.out / path / f"{kind}.svg").write_text(text, encoding="utf-8", newline="\n")

    def _copy_downloads(self, report: ReportView, path: str) -> Downloads | None:
        """What a report's pages offer, in the folder of its first language's page; all languages lead there."""
        page = self.out / path
        page.mkdir(parents=True, exist_ok=True)
        readme = README_RULE.join(
            self.templates.render(
                language, "readme.txt", view=report, address=f"{self.base}{language.prefix}{path}" if self.base else ""
            )
            for language in self.templates.languages
        )
        try:
            stem = f"{report.report.agency.id}-{report.report.year}"
            return copy_downloads(report.entry.folder, page, stem, readme)
        except PackageError as error:
            self.problems.append(str(error))
            return None

    def _write_patterns(self, language: Language) -> None:
        """Every component in either colour scheme, on pages that no list of pages has."""
        for scheme, path in (("light", "patterns/"), ("dark", "patterns/dark/")):
            self._page(language, path, "patterns.html", listed=False, scheme=scheme, **patterns())
        styles = self.templates.render(language, "patterns.css")
        (self.out / "static" / "patterns.css").write_text(styles, encoding="utf-8", newline="\n")

    def _page(self, language: Language, path: str, template: str, *, listed: bool = True, **context: Any) -> None:
        """Write a page at ``path``, relative to its language's root; ``""`` is the root itself. The sitemap has it if
        it is ``listed``.

        A template learns of ``root`` (to the files that all languages share), ``home`` (to the language's first page),
        ``files`` (to the page's downloads, which lie beside the first language's page), ``others`` (the same page in
        the other languages) and, where the site's address is known, ``canonical`` and ``alternates``.
        """
        languages = self.templates.languages
        root = "../" * (language.prefix + path).count("/") or "./"
        folder = self.out / language.prefix / path
        folder.mkdir(parents=True, exist_ok=True)
        context |= {
            "root": root,
            "home": "../" * path.count("/") or "./",
            "files": root + path if language.prefix else "",
            "others": [(other, root + other.prefix + path) for other in languages if other != language],
            "canonical": f"{self.base}{language.prefix}{path}" if self.base else "",
            "repository": self.repository,
            "alternates": [(other.tag, f"{self.base}{other.prefix}{path}") for other in languages] if self.base else [],
        }
        text = self.templates.render(language, template, **context)
        (folder / "index.html").write_text(text, encoding="utf-8", newline="\n")
        if listed:
            self.addresses.append(language.prefix + path)

    def _write_for_robots(self) -> None:
        base = self.base or LOCAL_URL
        urls = "".join(f"<url><loc>{escape(base + path)}</loc></url>\n" for path in self.addresses)
        sitemap = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
        )
        (self.out / "sitemap.xml").write_text(sitemap, encoding="utf-8", newline="\n")
        robots = f"User-agent: *\nAllow: /\nSitemap: {self.base or LOCAL_URL}sitemap.xml\n"
        (self.out / "robots.txt").write_text(robots, encoding="utf-8", newline="\n")
