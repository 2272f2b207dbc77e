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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from jinja2 import TemplateError

from gongkai.errors import PackageError, UsageError
from gongkai.model import Agency
from gongkai.package.folder import original_in
from gongkai.publish import pages
from gongkai.publish.bulk_tables import BULK_TABLES
from gongkai.publish.catalog import Catalog
from gongkai.publish.coverage import Refusal
from gongkai.publish.gather import as_of, gather_packages, take_stock
from gongkai.publish.language import Language
from gongkai.publish.page_views import ReportInputs, SiteInputs, agency_inputs
from gongkai.publish.pages import PageKind, View, names_of
from gongkai.publish.regions import NameOf, Region, region_tree
from gongkai.publish.report_downloads import Downloads, copy_downloads
from gongkai.publish.report_view import ReportView
from gongkai.publish.source_images import Order, SourceImages, draw_pages, page_images
from gongkai.publish.table_formats import formats_for, write_tables
from gongkai.publish.templates import Templates
from gongkai.system.atomic_folders import aside, held, move_in, put_back, scratch_folder

MARKER = ".gongkai-site"
"""A file that says: this folder was made here, and may be replaced."""

LOCAL_URL = "http://localhost:8000/"
"""Where a sitemap points without a base URL, since the format knows whole addresses only: where the site is tried."""

ALL_TABLES = "gongkai"
"""The name of a file that holds all tables of all reports."""

README_RULE = f"\n{'-' * 40}\n\n"
"""What parts the languages of a package's README.txt."""

Inputs = TypeVar("Inputs")


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
            unread = gather_packages(catalog, datasets)
            problems = [problem for _, problem in unread]
            refusals = take_stock(catalog, datasets, (*refused, *unread))
            out = build / "pages"
            _copy_static(templates / "static", out / "static")
            if source_images != "none":
                earlier = site if source_images == "new" else None
                for line in draw_pages(_orders(catalog, out, earlier), jobs, build / "drawing"):
                    say(line)
            rendering = _Rendering(
                out,
                Templates(templates, registry_words()),
                base,
                sources,
                catalog,
                name_of or _name_in_gazetteer,
                problems,
                refusals,
            )
            rendering.write_all()
    except sqlite3.OperationalError as error:  # its file is in the site's scratch folder
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(site)) from error
    except PackageError as error:  # those that can't be read from the start are told, and left out
        raise UsageError(f"{error}: it was read a moment ago; run again") from error
    except TemplateError as error:
        raise UsageError(f"{templates}: a template is wrong: {error}") from error
    return tuple(problems)


def registry_words() -> list[str]:
    """The messages that our registries hold, which are translated as those of the templates are."""
    return [*(label for _, label in pages.navigation()), *(table.contents for table in BULK_TABLES)]


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


def _orders(catalog: Catalog, out: Path, earlier: Path | None) -> Iterator[Order]:
    """The pictures that the site's source pages need."""
    for agency, year, folder, numbers in catalog.pictured():
        path = Path("agency", agency, str(year), "source")
        try:
            yield Order(original_in(folder), numbers, out / path, earlier / path if earlier else None)
        except PackageError:
            continue  # the missing original is told where it would be copied


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


@dataclass(frozen=True, slots=True)
class Frame:
    """What every template knows beside its view.

    ``root`` leads to the files that all languages share, ``home`` to the language's first page, ``files`` to the page's
    downloads, which lie beside the first language's page; ``others`` are the same page in the other languages,
    ``navigation`` the overviews. ``canonical`` and ``alternates`` are empty where the site's address isn't known.
    """

    root: str
    home: str
    files: str
    others: Sequence[tuple[Language, str]]
    navigation: Sequence[tuple[str, str]]
    repository: str
    canonical: str
    alternates: Sequence[tuple[str, str]]


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
        downloads = write_tables(formats_for("all"), self.catalog.tables(), self.out / "data", ALL_TABLES)
        inputs = SiteInputs(self.catalog, regions, downloads, self.refusals, as_of(self.catalog))
        self._write(pages.OF_SITE, inputs)
        for agency in self.catalog.agencies():
            self._write_agency(agency, regions)
        self._write_patterns_style()
        self._write_for_robots()

    def _write_agency(self, agency: Agency, regions: Mapping[str, Region]) -> None:
        of_agency = agency_inputs(self.catalog, agency, regions)
        self._write(pages.OF_AGENCY, of_agency)
        for report in of_agency.view.reports:
            path = f"agency/{agency.id}/{report.report.year}/"
            downloads = self._copy_downloads(report, path)
            images = page_images(self.out / path / "source")
            self._write(pages.OF_REPORT, ReportInputs(of_agency, report, downloads, images))

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
            return copy_downloads(report.package.folder, page, stem, readme)
        except PackageError as error:
            self.problems.append(str(error))
            return None

    def _write(self, kinds: Sequence[PageKind[Inputs]], inputs: Inputs) -> None:
        """The pages of these kinds, with the files beside them, in every language."""
        for together in pages.joined(kinds):
            if len(together) == 1:
                (kind,) = together
                for view in kind.views(inputs):
                    for language in self.templates.languages:
                        self._write_page(language, kind, view)
                continue
            listed = [(kind, view) for kind in together for view in kind.views(inputs)]
            for language in self.templates.languages:
                for kind, view in listed:
                    self._write_page(language, kind, view)

    def _write_page(self, language: Language, kind: PageKind[Inputs], view: View) -> None:
        address = kind.address_of(view)
        path = language.prefix + address
        file = self.out / (f"{path}index.html" if not path or path.endswith("/") else path)
        file.parent.mkdir(parents=True, exist_ok=True)
        frame = self._absolute(language, address) if kind.is_absolute else self._relative(language, address)
        _write_text(file, self.templates.render(language, kind.template, **names_of(frame), **names_of(view)))
        for beside in kind.beside:
            for each in beside.views(view):
                names = names_of(each)
                text = self.templates.render(language, beside.template, address=self._known(path), **names)
                _write_text(file.parent / beside.name.format_map(names), text)
        if kind.is_listed:
            self.addresses.append(path)

    def _relative(self, language: Language, address: str) -> Frame:
        """The frame of a page whose links are relative, so that the site works under any path."""
        languages = self.templates.languages
        root = "../" * (language.prefix + address).count("/") or "./"
        return Frame(
            root=root,
            home="../" * address.count("/") or "./",
            files=root + address if language.prefix else "",
            others=[(other, root + other.prefix + address) for other in languages if other != language],
            navigation=pages.navigation(),
            repository=self.repository,
            canonical=self._known(language.prefix + address),
            alternates=[(other.tag, f"{self.base}{other.prefix}{address}") for other in languages] if self.base else [],
        )

    def _absolute(self, language: Language, address: str) -> Frame:
        """The frame of a page that a server shows at any depth: its links begin at the site's own path."""
        root = urlsplit(self.base or LOCAL_URL).path
        languages = self.templates.languages
        return Frame(
            root=root,
            home=root + language.prefix,
            files="",
            others=[(other, root + other.prefix + address) for other in languages if other != language],
            navigation=pages.navigation(),
            repository=self.repository,
            canonical="",
            alternates=(),
        )

    def _known(self, path: str) -> str:
        """The whole address of a page, where the site's is known."""
        return f"{self.base}{path}" if self.base else ""

    def _write_patterns_style(self) -> None:
        text = self.templates.render(self.templates.languages[0], "patterns.css")
        _write_text(self.out / "static" / "patterns.css", text)

    def _write_for_robots(self) -> None:
        base = self.base or LOCAL_URL
        urls = "".join(f"<url><loc>{escape(base + path)}</loc></url>\n" for path in self.addresses)
        sitemap = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
        )
        _write_text(self.out / "sitemap.xml", sitemap)
        _write_text(self.out / "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n")


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
