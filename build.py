#!/usr/bin/env python3
"""The command line: arguments, the stages in order, the exit status.

Without a command, the whole job: reports that wait in datasets/ are filed, packages that are missing or out of date are
made, all are checked, and the site is rendered. Nothing heavy is imported up here, since every reader's process reads
this file again.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai.build.options import Options
    from gongkai.build.run_report import RunReport
    from gongkai.system.limits import Limits

TEMPLATES = Path(__file__).resolve().parent / "site_templates"


def main(argv: list[str] | None = None) -> int:
    """Do what the arguments say; the exit status. No exception leaves this, but for defects of our own."""
    arguments = _parser().parse_args(argv)
    from gongkai.build.run_report import RunReport, tell
    from gongkai.checks.registry import accounting_checks
    from gongkai.errors import UsageError, is_forbidden, told
    from gongkai.package.descriptor import source_date

    try:
        source_date()
        run_report = RunReport(accounting_checks(), arguments.strict)
        arguments.do(arguments, run_report)
        print(end="", flush=True)
    except UsageError as error:
        tell(str(error))
        return 2
    except BrokenPipeError:  # whoever read what is printed has read enough
        _print_no_more()
        return 1
    except OSError as error:
        tell(told(error))
        _print_no_more()
        return 2 if is_forbidden(error) else 1
    except KeyboardInterrupt:
        tell("stopped; what was done so far stays")
        return 130
    return run_report.exit_status


def _print_no_more() -> None:
    """What is still to be printed goes nowhere, so that Python does not stumble over it at its end."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _whole_job(arguments: argparse.Namespace, run_report: RunReport) -> None:
    from gongkai.build.commands import bring_up_to_date

    bring_up_to_date(arguments.datasets, _options(arguments), run_report)
    if not run_report.removals:
        _render(arguments, run_report)
    print(run_report.summary)


def _extract(arguments: argparse.Namespace, run_report: RunReport) -> None:
    from gongkai.build.commands import extract_files

    extract_files(arguments.files, arguments.output, arguments.datasets, _options(arguments), run_report)
    print(run_report.summary)


def _add(arguments: argparse.Namespace, run_report: RunReport) -> None:
    from gongkai.build.commands import add_files

    add_files(arguments.files, arguments.datasets, _options(arguments), run_report)
    print(run_report.summary)


def _diff(arguments: argparse.Namespace, run_report: RunReport) -> None:
    from gongkai.package.diff import differences, lines

    for line in lines(differences(arguments.old, arguments.new, run_report.fault), arguments.form):
        print(line)


def _validate(arguments: argparse.Namespace, run_report: RunReport) -> None:
    from gongkai.package.validate import validate_all
    from gongkai.system.atomic_folders import held

    datasets = arguments.folder or arguments.datasets
    with held(datasets, run_report.say, to_read=True):
        for package, problems in validate_all(datasets):
            for problem in problems:
                run_report.fault(problem)
            if package and not problems:
                run_report.report(package.findings)
        if arguments.reread:
            from gongkai.build.commands import REGISTRY
            from gongkai.build.reread import reread
            from gongkai.names.registry import Registry

            for problem in reread(datasets, Registry.read(datasets / REGISTRY), arguments.jobs, _limits(arguments)):
                run_report.fault(problem)
    print(run_report.summary)


def _render(arguments: argparse.Namespace, run_report: RunReport) -> None:
    from gongkai.publish.site import render_site

    problems = render_site(
        arguments.datasets,
        arguments.site,
        base_url=arguments.base_url,
        repository=arguments.repository,
        templates=TEMPLATES,
        source_images=arguments.source_images,
        jobs=arguments.jobs,
        refused=run_report.refusals,
        say=run_report.say,
    )
    for problem in problems:
        run_report.fault(problem)


def _render_alone(arguments: argparse.Namespace, run_report: RunReport) -> None:
    from gongkai.package.baseline import Baseline
    from gongkai.system.atomic_folders import held

    datasets = arguments.datasets
    with held(datasets, run_report.say, to_read=True):
        for folder, line in Baseline.read(datasets, run_report.say, accept=arguments.accept_removals).removed():
            run_report.removal(line, folder)
    if not run_report.removals:
        _render(arguments, run_report)


def _options(arguments: argparse.Namespace) -> Options:
    """What a command that makes packages is told."""
    from gongkai.build.options import Options

    return Options(
        jobs=arguments.jobs,
        readings=arguments.readings,
        limits=_limits(arguments),
        replace=arguments.replace,
        accept_removals=arguments.accept_removals,
    )


def _limits(arguments: argparse.Namespace) -> Limits:
    """The table's limits, or what the command line says; a scan may take a third more memory than other files."""
    from dataclasses import replace

    from gongkai.system.limits import LIMITS

    limits = LIMITS
    if arguments.time_limit:
        limits = replace(limits, time_s=float(arguments.time_limit))
    if arguments.memory_limit:
        limits = replace(limits, memory_mib=arguments.memory_limit, scan_memory_mib=arguments.memory_limit * 4 // 3)
    return limits


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="Open data and a website out of government-information-disclosure annual reports. "
        "Without a command, the whole job: file, extract, validate and package the reports, and render the site.",
        parents=[_common(False)],
        allow_abbrev=False,
    )
    parser.set_defaults(do=_whole_job, replace=False)
    commands = parser.add_subparsers(title="commands, instead of the whole job")

    extract = commands.add_parser(
        "extract", parents=[_common(True)], help="packages for these files, which are only read"
    )
    extract.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a report; NAME.origin.toml beside it counts"
    )
    extract.add_argument("--output", required=True, type=Path, metavar="DIR", help="for DIR/<agency-id>/<year>/")
    extract.add_argument("--replace", action="store_true", help="also replace a package made from another file")
    extract.set_defaults(do=_extract)

    add = commands.add_parser("add", parents=[_common(True)], help="file these reports into datasets/")
    add.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a report; NAME.origin.toml, NAME.corrections.csv count"
    )
    add.add_argument("--replace", action="store_true", help="also replace a report of the same agency and year")
    add.set_defaults(do=_add)

    diff = commands.add_parser("diff", parents=[_common(True)], help="what differs between packages")
    diff.add_argument("old", type=Path, metavar="OLD", help="a package, or a folder of packages")
    diff.add_argument("new", type=Path, metavar="NEW", help="the one that it is compared with")
    forms = ("text", "csv", "markdown")
    diff.add_argument("--as", default="text", choices=forms, dest="form", metavar="FORM", help="text, csv or markdown")
    diff.set_defaults(do=_diff)

    validate = commands.add_parser(
        "validate", parents=[_common(True)], help="every package against its schema, hashes and accounting checks"
    )
    validate.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR", help="where packages are (default: --datasets)"
    )
    validate.add_argument(
        "--reread", action="store_true", help="also read each report once more: a package must be what its report gives"
    )
    validate.set_defaults(do=_validate)

    render = commands.add_parser("render", parents=[_common(True)], help="the site, from the packages that are there")
    render.set_defaults(do=_render_alone)
    return parser


def _common(within_command: bool) -> argparse.ArgumentParser:
    """The options that every command takes; within a command, one that is not given leaves what stood before it."""
    options = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS if within_command else None)

    def add(name: str, default: object, **how: object) -> None:
        options.add_argument(name, default=argparse.SUPPRESS if within_command else default, **how)  # type: ignore[arg-type]

    add("--datasets", Path("datasets"), type=Path, metavar="DIR", help="where reports and packages are (datasets)")
    add("--site", Path("site"), type=Path, metavar="DIR", help="where the site goes (site)")
    add("--jobs", os.cpu_count() or 1, type=_count, metavar="N", help="files read at once (the cores)")
    add(
        "--readings",
        "auto",
        choices=("auto", "single", "double"),
        metavar="HOW",
        help="auto: a table in doubt is read twice; double: every table; single: none",
    )
    add("--time-limit", None, type=_seconds, metavar="SECONDS", help="for reading a file (45; a scanned page adds 10)")
    add("--memory-limit", None, type=_mib, metavar="MIB", help="for reading a file (1536; a scan takes a third more)")
    add("--base-url", "", metavar="URL", help="the site's address, for its sitemap and canonical links")
    add("--repository", "", metavar="URL", help="where reports can be added and figures disputed, for the pages' links")
    add(
        "--source-images",
        "new",
        choices=("none", "new", "all"),
        metavar="WHICH",
        help="pictures of the pages that figures stand on: new: those that the site lacks; all: anew; none",
    )
    add(
        "--accept-removals",
        False,
        action="store_true",
        help="go on where agencies, years or figures are gone that datasets/index.csv has, and write it anew",
    )
    add("--strict", False, action="store_true", help="a failed accounting check counts as a failure")
    return options


def _count(text: str) -> int:
    return _within(text, 1, 1000)


def _seconds(text: str) -> int:
    return _within(text, 1, 3600)


def _mib(text: str) -> int:
    return _within(text, 512, 65_536)


def _within(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least} to {most}")
    return int(text)


def _open_standard_streams() -> None:
    """Where one is closed, it leads to nowhere: else the next file that is opened would be taken for it."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


if __name__ == "__main__":
    _open_standard_streams()
    # Ended from outside as by hand: readers are ended and scratch folders removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup ignores it
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    sys.exit(main())
