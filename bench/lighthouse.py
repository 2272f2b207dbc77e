"""What Lighthouse says of the site, on a desk and on a phone. Run it with `make lighthouse`; it needs npm and Chromium.

In: the packages under datasets/. Out: a table on standard output: for the heaviest page of the kinds that readers come
to, in both languages, the median of some runs in each of Lighthouse's four categories, and what keeps one below 100.

The site is rendered anew and served on this machine as Pages serves it, compressed. Lighthouse is no dependency: npx
fetches the version that is named here. Scores for speed depend on the machine, so no test depends on them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from gongkai.publish.site import render_site
from tests.browser.server import served
from tests.kinds import pages_by_kind

ROOT = Path(__file__).parents[1]
LIGHTHOUSE = "lighthouse@12.8.2"
"""The newest that runs with the Node.js of Debian 12."""

KINDS = ("", "region/*/", "agency/*/", "agency/*/*/")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
DEVICES = {"desktop": ["--preset=desktop"], "mobile": []}

Answer = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="runs of which the median counts (%(default)s)")
    parser.add_argument("--kinds", nargs="+", default=KINDS, help="kinds of pages, such as 'agency/*/'")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"

        def build(address: str) -> Path:
            problems = render_site(
                ROOT / "datasets", site, base_url=address, templates=ROOT / "site_templates", source_images="all"
            )
            print(*problems, sep="\n", end="", file=sys.stderr)
            return site

        with served(build) as address:
            pages = pages_by_kind(site)
            print(f"{'page':24} {'device':8} " + " ".join(f"{name:>14}" for name in CATEGORIES))
            for kind in (prefix + kind for kind in options.kinds for prefix in ("", "en/")):
                for device in DEVICES:
                    url = address + pages[kind].as_posix().removesuffix("index.html")
                    report(kind, device, [ask(url, device) for _ in range(options.runs)])


def ask(url: str, device: str) -> Answer:
    """One run of Lighthouse."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or ""
    sandbox = "--no-sandbox" if os.geteuid() == 0 else ""
    command = ["npx", "--yes", LIGHTHOUSE, url, *DEVICES[device], "--output=json", "--quiet"]
    command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags=--headless=new {sandbox}"]
    environment = os.environ | {"CHROME_PATH": chromium}
    answer = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    parsed: Answer = json.loads(answer.stdout)
    return parsed


def report(kind: str, device: str, answers: Sequence[Answer]) -> None:
    scores = [
        statistics.median(round(100 * answer["categories"][name]["score"]) for answer in answers) for name in CATEGORIES
    ]
    print(f"{kind or '/':24} {device:8} " + " ".join(f"{score:14.0f}" for score in scores), flush=True)
    for shortcoming in sorted(set(shortcomings(answers))):
        print(f"    {shortcoming}", flush=True)


def shortcomings(answers: Iterable[Answer]) -> Iterable[str]:
    """The audits that count for a score and aren't passed."""
    for answer in answers:
        for name in CATEGORIES:
            for reference in answer["categories"][name]["auditRefs"]:
                audit = answer["audits"][reference["id"]]
                if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                    yield f"{name}: {audit['title']}"


if __name__ == "__main__":
    main()
