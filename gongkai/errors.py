"""What stops a report, or the whole run.

GongkaiError
├── ReportError        this file is not extracted (exit status 1); the others are
│   ├── NotAReport     it is something else, or lacks the table without which it says nothing
│   ├── UnreadableFile broken, empty, encrypted, another format than its suffix says
│   ├── Undetermined   the agency or the year is not printed anywhere: a person must state it
│   └── Conflict       another report stands for the same agency and year
├── PackageError       a package on disk is not what its descriptor says, or not valid against its schema
└── UsageError         the command line or the project's own files are wrong (exit status 2)

An exception means that we could not read something; that we read it and it does not agree is a Finding.
The text of an error is one line: what is wrong, and what to do.
"""


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


class PackageError(GongkaiError):
    """A package on disk is not what its descriptor says."""


class UsageError(GongkaiError):
    """The command line, or one of the project's own files, is wrong."""
