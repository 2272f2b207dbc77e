"""Known vulnerabilities of what requirements.txt locks, as the public databases know them. Run with `make audit`.

In: requirements.txt. Out: a line for each vulnerability, a line of what was audited, and an exit status: 1 where there
is a vulnerability. Where the databases can't be asked the answer is advisory: a line says so, and nothing fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parents[1] / "requirements.txt"


def main() -> int:
    """Ask, print, and say whether anything is known against what is locked."""
    options = ("--require-hashes", "--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json")
    asked = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), *options],
        capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip
    try:
        packages = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError):
        why = asked.stderr.strip().splitlines()
        print(f"audit: nothing could be audited ({why[-1] if why else 'no answer'}); run it where there is a network")
        return 0
    lines, status = verdict(packages)
    print("\n".join(lines))
    return status


def verdict(packages: Sequence[dict[str, Any]]) -> tuple[list[str], int]:
    """The lines to print and the exit status, of pip-audit's ``dependencies``."""
    audited = [package for package in packages if "skip_reason" not in package]
    lines, known = [], 0
    for package in audited:
        for found in package.get("vulns") or ():
            known += 1
            mended = ", ".join(found["fix_versions"]) or "no version yet"
            lines.append(f"{package['name']} {package['version']}: {found['id']}, mended in {mended}")
    lines.append(f"audit: {len(audited)} of {len(packages)} packages audited, {known} known vulnerabilities")
    if len(audited) < len(packages):
        lines.append("audit: of the others no database could be asked; run it where there is a network")
    return lines, int(known > 0)


if __name__ == "__main__":
    raise SystemExit(main())
