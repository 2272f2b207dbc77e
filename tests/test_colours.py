"""The colours of the style sheet: those of both schemes, and text that stands out in each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gongkai.errors import UsageError
from gongkai.publish.colours import load_colours

TEMPLATES = Path(__file__).parents[1] / "site_templates"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("ink", ["paper", "surface", "surface-strong", "accent-soft", "contradiction-soft"]),
        ("ink-soft", ["paper", "surface", "surface-strong", "accent-soft"]),
        ("accent", ["paper", "surface", "accent-soft"]),
        ("contradiction", ["paper", "surface", "contradiction-soft"]),
    ],
)
def test_text_stands_out_from_every_surface_that_it_stands_on(scheme: str, text: str, surfaces: list[str]) -> None:
    tokens = (TEMPLATES / "static/tokens.css").read_text(encoding="utf-8")
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part))
        for part in (tokens.split("@media")[0], tokens.split("(prefers-color-scheme: dark)")[1].split("@media")[0])
    )
    colours = light if scheme == "light" else dark
    for surface in surfaces:
        darker, lighter = sorted((luminance(colours[text]), luminance(colours[surface])))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, surface


def luminance(colour: str) -> float:
    """Source: WCAG 2.2, relative luminance."""
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("broken", ["", ":root {\n  --ink: #000000;\n}\n"])
def test_a_style_sheet_without_the_colours_of_both_schemes_fails_the_build(tmp_path: Path, broken: str) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "tokens.css").write_text(broken, encoding="utf-8")
    with pytest.raises(UsageError, match="light or the dark"):
        load_colours(tmp_path)
