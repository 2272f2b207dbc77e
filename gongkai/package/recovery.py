"""Packages that a run which died between two renames left beside their places.

In: a folder of packages. Out: what lies aside there, and it back in its place.
"""

from __future__ import annotations

from pathlib import Path

from gongkai.package.folder import agency_folders
from gongkai.system.atomic_folders import OLD, put_back

LEFT = "a run that was ended left it; run build.py, which puts it back into its place"
"""What is told of a folder that lies aside by those who only read."""


def recover(root: Path, scratch: Path) -> None:
    """Mend what a run that died between two renames left. What is no folder there is not ours, and in the way."""
    for older in left_aside(root):
        put_back(older.with_name(older.name[1:].removesuffix(OLD)), scratch)


def left_aside(root: Path) -> list[Path]:
    """What a run that died in that moment left beside the places of packages."""
    return [older for agency in agency_folders(root) for older in sorted(agency.glob(f".????{OLD}"))]
