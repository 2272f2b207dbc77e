"""What a module reads of the data files that lie beside it, declared in one line.

In: the module's ``__file__`` and patterns below its folder. Out: the files, by name. ``NAME = data_files(__file__,
"forms/*.toml")`` stands at a module's top level, with plain strings: so ``fingerprint`` knows without running it which
files a package was made with. No file of ours is read in another way; a pattern that fits nothing is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

WRITTEN_IN = ("zh", "en")
"""The languages in which our data files have their words; the site has others from its message catalogs."""


def data_files(module: str, *patterns: str) -> Mapping[str, Path]:
    """The files below the module's folder that fit the patterns, by name. Raises ``FileNotFoundError``."""
    folder = Path(module).parent
    found: dict[str, Path] = {}
    for pattern in patterns:
        fit = sorted(folder.glob(pattern))
        if not fit:
            raise FileNotFoundError(f"{folder / pattern}: no such data file; restore it")
        found |= {path.name: path for path in fit}
    return MappingProxyType(found)
