"""A Report and the files of its package <-> datapackage.json.

In: a Report, the facts of each file (hash and size) and what made the package; out: the descriptor as a dict, the same
for the same input. Back: a stranger's descriptor is read field by field, each of the type that it must have; whatever
else it says is compared with what ours would say (``gongkai.package.validate``), and no path or address in it is ever
followed.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, TypeVar, cast, get_args

from gongkai import __version__
from gongkai.errors import PackageError, UsageError
from gongkai.model import RESOURCES, Agency, FormName, Level, Origin, Report, Scope, Source
from gongkai.names.registry import DIVISION_CODE
from gongkai.package.fingerprint import had_pictures
from gongkai.package.schema import OPTIONAL_TABLES, TABLES, table_schema
from gongkai.read.formats import kept_suffix, kept_suffixes, reader_codes

SIZE_LIMIT = 1_000_000
"""Bytes. The descriptor of the largest report has 30,000; a larger one is not ours."""

CREATED = "%Y-%m-%dT%H:%M:%SZ"
"""The format of ``created``."""

_HASH = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)

_LICENCE = {
    "name": "CC0-1.0",
    "path": "https://creativecommons.org/publicdomain/zero/1.0/",
    "title": "CC0 1.0 Universal",
}

T = TypeVar("T")


class FileFacts(NamedTuple):
    """SHA-256 in hexadecimal, and the size in bytes."""

    sha256: str
    size: int


def describe(
    report: Report,
    files: Mapping[str, FileFacts],
    *,
    created: str,
    built_from: Mapping[str, Any],
    extractor_version: str = __version__,
    compared_with: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The descriptor of a report's package. ``files`` has the facts of every CSV and of the original, by file name.

    ``compared_with`` says which other reports the second pass looked at; ``None``: at none, or it is still to come.
    """
    agency = report.agency
    names = (*TABLES, *(name for name in OPTIONAL_TABLES if f"{name}.csv" in files))
    source = {"title": report.source.name, "path": report.origin.url} | _file(files[original_name(report.source)])
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"{agency.id}-{report.year}",
        "title": f"{agency.name}{report.year}年政府信息公开工作年度报告",
        "created": created,
        "licenses": [_LICENCE],
        "sources": [{name: value for name, value in source.items() if value is not None}],
        "resources": [*(_table(report, name, files[f"{name}.csv"]) for name in names), _original(report, files)],
        "report": {
            "year": report.year,
            "form": report.form,
            "scope": report.scope,
            "agency": {
                "id": agency.id,
                "name": agency.name,
                "division_code": agency.division_code,
                "level": agency.level,
            },
            "period_start": _iso(report.period_start),
            "period_end": _iso(report.period_end),
            "reader": report.reader,
            "extractor_version": extractor_version,
        },
        "origin": stated(report.origin),
        "built_from": dict(built_from),
        "compared_with": None if compared_with is None else dict(compared_with),
    }


def compared(
    descriptor: Mapping[str, Any], findings: FileFacts, compared_with: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The descriptor of a package whose findings are others, now that it was compared with other reports."""
    entries = _get(descriptor, "resources", list)
    resources = [entry | _file(findings) if entry["name"] == "findings" else entry for entry in entries]
    return {**descriptor, "resources": resources, "compared_with": compared_with}


def creation_time(report: Report) -> str:
    """When the package counts as created: a time that the same report always gives. Raises ``UsageError``."""
    return (source_date() or _own_day(report)).strftime(CREATED)


def creation_day(report: Report) -> date:
    """The day of ``creation_time``. Raises ``UsageError``."""
    moment = source_date()
    return moment.date() if moment else _own_day(report)


def source_date() -> datetime | None:
    """The time that SOURCE_DATE_EPOCH states, if it is set. Raises ``UsageError`` if it is no time."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else None
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"SOURCE_DATE_EPOCH={epoch}: not a number of seconds since 1970") from error


def original_name(source: Source) -> str:
    """The name that the original bears in the package; without a suffix if its format is not read."""
    return f"report{kept_suffix(source.suffix)}"


def stated(origin: Origin) -> dict[str, Any]:
    """What a person stated, and nothing else, as JSON values."""
    pairs = ((f.name, getattr(origin, f.name)) for f in fields(Origin))
    return {
        name: _iso(value) if isinstance(value, date) else value for name, value in pairs if value not in (None, False)
    }


def to_bytes(descriptor: Mapping[str, Any]) -> bytes:
    return (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode()


def from_bytes(content: bytes) -> dict[str, Any]:
    """The descriptor that the bytes hold, of whatever form. Raises ``PackageError`` if it is no JSON object."""
    try:
        descriptor = json.loads(content.decode())
        if b"\\ud" in content.lower():
            json.dumps(descriptor, ensure_ascii=False).encode()  # half of a pair is no character
    except (ValueError, RecursionError) as error:
        raise PackageError(f"datapackage.json: not JSON: {error}") from error
    if not isinstance(descriptor, dict):
        raise PackageError("datapackage.json: not a JSON object")
    return descriptor


def report_head(descriptor: Mapping[str, Any], suffix: str) -> dict[str, Any]:
    """The parts of a ``Report`` that the descriptor holds, by field. Raises ``PackageError`` where one is wrong.

    ``suffix`` is that of the original as it lies in the package.
    """
    head = _get(descriptor, "report", dict)
    agency = _get(head, "agency", dict)
    original = resource(descriptor, "report")
    source = _get(descriptor, "sources", list)[0]
    name, size = _get(source, "title", str), _get(source, "bytes", int)
    year, code = _get(head, "year", int), _get(agency, "division_code", str)
    origin = _origin(_get(descriptor, "origin", dict))
    if not 1900 <= year <= 9999 or not DIVISION_CODE.fullmatch(code):
        raise PackageError("datapackage.json: the year is none, or the division code is not of six digits")
    _get(head, "extractor_version", str)
    return {
        "agency": Agency(
            id=_get(agency, "id", str),
            name=_get(agency, "name", str),
            division_code=code,
            level=_code(agency, "level", get_args(Level)),
        ),
        "year": year,
        "form": _code(head, "form", get_args(FormName)),
        "scope": _code(head, "scope", get_args(Scope)),
        "title": _get(original, "title", str),
        "period_start": _date(head, "period_start"),
        "period_end": _date(head, "period_end"),
        "reader": _code(head, "reader", reader_codes()),
        "source": Source(
            name,
            suffix,
            _get(source, "hash", str).removeprefix("sha256:"),
            size,
            had_pictures(descriptor.get("built_from")),
        ),
        "origin": origin,
        "created": _date(original, "document_date"),
        "dated": None if origin.published else _date(original, "published"),
    }


def table_forms(descriptor: Mapping[str, Any]) -> dict[str, FormName | None]:
    """Which edition of the form each of the three tables follows; ``None`` where the report lacks it."""
    return {
        name: None if entry.get("form") is None else _code(entry, "form", get_args(FormName))
        for name, entry in ((name, resource(descriptor, name)) for name in RESOURCES)
    }


def is_hash(value: Any) -> bool:
    """Whether it is a hash as descriptors write them."""
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def resource(descriptor: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The resource of that name. Raises ``PackageError`` if there is none."""
    for entry in _get(descriptor, "resources", list):
        if isinstance(entry, dict) and entry.get("name") == name:
            return entry
    raise PackageError(f"datapackage.json: no resource {name}")


def listed(descriptor: Mapping[str, Any]) -> frozenset[str]:
    """The names of the resources that a descriptor lists."""
    names = (entry.get("name") for entry in _get(descriptor, "resources", list) if isinstance(entry, dict))
    return frozenset(name for name in names if isinstance(name, str))


def _table(report: Report, name: str, facts: FileFacts) -> dict[str, Any]:
    schema = table_schema(name)
    form = {"form": report.table(name).form} if name in RESOURCES else {}
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "title": schema.title,
        "description": schema.description,
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **_file(facts),
        "dialect": {"delimiter": ","},
        **form,
        "schema": schema.descriptor,
    }


def _original(report: Report, files: Mapping[str, FileFacts]) -> dict[str, Any]:
    name = original_name(report.source)
    return {
        "name": "report",
        "path": name,
        "title": report.title,
        "description": "官方发布文件，随附供核对",
        "mediatype": kept_suffixes()[kept_suffix(report.source.suffix)].media_type,
        **_file(files[name]),
        "document_date": _iso(report.created),
        "published": _iso(report.published),
    }


def _file(facts: FileFacts) -> dict[str, Any]:
    return {"hash": f"sha256:{facts.sha256}", "bytes": facts.size}


def _own_day(report: Report) -> date:
    """The day from which a package counts where the build states none."""
    return report.origin.retrieved or report.created or report.period_end or date(report.year, 12, 31)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _origin(data: Mapping[str, Any]) -> Origin:
    """The origin as recorded. Raises ``PackageError`` where a key or a type is not one that we write."""
    kinds: dict[str, type] = {"year": int, "replace": bool}
    values: dict[str, Any] = {}
    for name in data:
        if name in ("published", "retrieved"):
            values[name] = _date(data, name)
        else:
            values[name] = _get(data, name, kinds.get(name, str))
    try:
        return Origin(**values)
    except TypeError as error:
        raise PackageError(f"datapackage.json: origin: {error}") from error


def _get(data: Any, name: str, kind: type[T]) -> T:
    value = data.get(name) if isinstance(data, Mapping) else None
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)) or (kind is list and not value):
        raise PackageError(f"datapackage.json: {name} is missing or not of the type that it must have")
    return value


def _code(data: Mapping[str, Any], name: str, codes: Collection[str]) -> Any:
    value = _get(data, name, str)
    if value not in codes:
        raise PackageError(f"datapackage.json: {name} is {value!r}, not one of {', '.join(codes)}")
    return value


def _date(data: Mapping[str, Any], name: str) -> date | None:
    value = data.get(name)
    try:
        return None if value is None else date.fromisoformat(cast(str, value))
    except (TypeError, ValueError) as error:
        raise PackageError(f"datapackage.json: {name} is not a date") from error
