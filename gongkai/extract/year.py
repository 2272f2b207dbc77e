"""What a report prints -> the year that it covers, and its period.

In: the title, the introduction, what the file says of its title, and what a person states. Out: the year and the days
of the period (统计期限), ``None`` where they are not printed. The year in which a report was published is never taken
for it: where the print leaves two years open, a person is asked (``Undetermined``).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from gongkai.dates import period
from gongkai.errors import Undetermined
from gongkai.extract.outline import Outline
from gongkai.numerals import years_in_digits

YEARS = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9]|年[0-9]{1,2}月|[-./][0-9]{1,2}(?![0-9]))")
"""Years, but not those of days and months."""
REPORTED = re.compile(
    r"(?:(?<![0-9])(20[0-9]{2})年?度?[-—–~～至和、])?(?<![0-9])(20[0-9]{2})(?:年度?|度)[^0-9]{0,40}?(?:信息|政务)公开"
)
"""The year, or the two years, that stand before the words of the report's kind."""
PRESENTED = re.compile(
    r"(?:现将|现就|公布|发布)[^。；，《》0-9]{0,40}(20[0-9]{2})年度?"
    r"[^。；，《》0-9]{0,20}(?:信息|政务)公开[^。；，《》]{0,8}(?:情况|报告)"
)
"""The year of a sentence in which the publisher presents the report."""
OF_ITS_KIND = re.compile("(?:信息|政务)公开")
MOST_CHARS = 4000
"""So many characters of an introduction or of what a file says of itself that are looked at."""


def covered_year(
    structure: Outline, metadata: str, file: str, stated: int | None
) -> tuple[int, date | None, date | None]:
    """The year that the report covers, and its period: as stated, else as the title and the introduction print it.

    ``metadata``: lines in which the file says what it is; ``file``: the name under which it was published. They are
    asked where the title prints no year.
    """
    start, end = period(structure.introduction)
    if stated is not None:
        return stated, start, end
    said = (line for line in (*metadata[:MOST_CHARS].splitlines(), file) if OF_ITS_KIND.search(line))
    printed = _years_in(structure.title) or _years_in(next(said, ""))
    covered = {day.year for day in (start, end) if day}
    if len(printed) == 1 and (not covered or printed & covered):
        return printed.pop(), start, end
    if printed and covered:
        raise Undetermined(
            f"the title says {', '.join(map(str, sorted(printed)))}, the period {start} to {end}: "
            "state the year that it covers in origin.toml, year = …"
        )
    if len(printed) > 1:
        raise Undetermined(
            f"the title says {', '.join(map(str, sorted(printed)))}: "
            "state the one that the report covers in origin.toml, year = …"
        )
    if not covered:
        covered = {int(year) for year in PRESENTED.findall(re.sub(r"\s", "", structure.introduction[:MOST_CHARS]))}
    if len(covered) == 1:
        return covered.pop(), start, end
    raise Undetermined("the year is printed nowhere: state it in origin.toml, year = …")


def _years_in(title: str) -> set[int]:
    """The years that a title may be about: those right before the words of the report's kind, else all."""
    plain = years_in_digits(unicodedata.normalize("NFKC", re.sub(r"\s", "", title)))
    reported = {year for pair in REPORTED.findall(plain) for year in pair if year}
    return {int(year) for year in reported or YEARS.findall(plain)}
