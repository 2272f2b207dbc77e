"""What stops a report, or the whole run.

GongkaiError
├── ReportError        this file is not extracted (exit status 1); the others are
│   ├── NotAReport     it is something else, or lacks the table without which it says nothing
│   ├── UnreadableFile broken, empty, encrypted, another format than its suffix says
│   ├── Undetermined   the agency or the year is not printed anywhere: a person must state it
│   └── Conflict       another report stands for the same agency and year
├── Removal            what was there before would be lost, and nobody accepted that (exit status 1)
├── PackageError       a package on disk is not what its descriptor says, or not valid against its schema
└── UsageError         the command line or the project's own files are wrong (exit status 2)

An exception means that we could not read something; that we read it and it does not agree is a Finding.
The text of an error is one line: what is wrong, and what to do.
"""

from __future__ import annotations

import errno
import re

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_NO_CHARACTER = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Halves of characters that stand for no byte of a file's name either."""
_LINE_LIMIT = 1000
"""Characters. A message may quote what a file says, and a file may say anything at any length."""


class GongkaiError(Exception):
    """Whatever this project refuses, in one line that says what is wrong and what to do."""


class ReportError(GongkaiError):
    """This file is not extracted; the others are."""


class NotAReport(ReportError):
    """The file is something else, or it lacks the table without which it says nothing."""


class UnreadableFile(ReportError):
    """The file is broken, empty, encrypted or in another format than its suffix says."""


class Undetermined(ReportError):
    """The agency or the year is printed nowhere, so that a person must state it."""


class Conflict(ReportError):
    """Another report stands for the same agency and year."""


class Removal(GongkaiError):
    """What was there before would be lost; nothing is changed until somebody accepts that."""


class PackageError(GongkaiError):
    """A package on disk is not what its descriptor says."""


class UsageError(GongkaiError):
    """The command line, or one of the project's own files, is wrong."""


def is_full(error: Exception) -> bool:
    """Whether there was no room on the disk: then all that follows would fail alike."""
    return isinstance(error, OSError) and error.errno in _FULL


def is_forbidden(error: OSError) -> bool:
    """Whether nobody may read or write there, so that another folder has to be named."""
    return error.errno in _FORBIDDEN


def told(error: OSError, where: object = "build.py") -> str:
    """The line of an error that the system gave: ``where`` is told where it names no file itself."""
    if is_full(error):
        hint = "free some on that disk, and run again; what was done so far stays"
    elif is_forbidden(error):
        hint = "allow it, or name another folder"
    else:
        hint = "see to it, and run again"
    return f"{error.filename or where}: {error.strerror or error}; {hint}"


def one_line(text: str) -> str:
    """The text as one line that can be shown on a terminal. A file's name in it is what its bytes are in UTF-8."""
    raw = _NO_CHARACTER.sub(" ", text[: 2 * _LINE_LIMIT]).encode(errors="surrogateescape")
    shown = "".join(
        character if character.isprintable() and character != "\ufffd" else " "
        for character in raw.decode(errors="replace")
    )
    line = " ".join(shown.split())
    return line if len(line) <= _LINE_LIMIT else f"{line[:_LINE_LIMIT]}…"
