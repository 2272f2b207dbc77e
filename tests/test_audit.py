from typing import Any

from bench.audit import verdict

SOUND: dict[str, Any] = {"name": "sound", "version": "1.0", "vulns": []}
UNASKED: dict[str, Any] = {"name": "unasked", "version": "1.0", "skip_reason": "not found"}
BROKEN: dict[str, Any] = {
    "name": "broken",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-0000-1", "fix_versions": ["2.1"]}],
}


def test_a_known_vulnerability_fails_and_says_what_mends_it() -> None:
    lines, status = verdict([SOUND, BROKEN])
    assert lines == [
        "broken 2.0: PYSEC-0000-1, mended in 2.1",
        "audit: 2 of 2 packages audited, 1 known vulnerabilities",
    ]
    assert status == 1


def test_what_no_database_knows_fails_nothing_and_is_not_said_to_be_sound() -> None:
    lines, status = verdict([SOUND, UNASKED])
    assert lines[0] == "audit: 1 of 2 packages audited, 0 known vulnerabilities"
    assert "no database could be asked" in lines[1]
    assert status == 0
