"""static/tokens.css -> its colours, for what can't ask the reader's browser which scheme it is in.

In: the style sheet's text. Out: the declarations of the light and of the dark scheme. It is our own: one without both
raises ``UsageError``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from gongkai.errors import UsageError

_BLOCKS = {
    "light": re.compile(r"^:root \{(.*?)^\}", re.DOTALL | re.MULTILINE),
    "dark": re.compile(r"^@media \(prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", re.DOTALL | re.MULTILINE),
}
_COLOUR = re.compile(r"--[\w-]+: #[0-9a-f]{3,6};")


def load_colours(templates: Path) -> Mapping[str, str]:
    """Scheme -> its colours as declarations of CSS."""
    path = templates / "static" / "tokens.css"
    text = path.read_text(encoding="utf-8")
    blocks = {scheme: pattern.search(text) for scheme, pattern in _BLOCKS.items()}
    colours = {scheme: " ".join(_COLOUR.findall(block[1])) for scheme, block in blocks.items() if block}
    if set(colours) != set(_BLOCKS) or not all(colours.values()):
        raise UsageError(f"{path}: no colours for the light or the dark scheme")
    return colours
