"""Open data out of China's government-information-disclosure annual reports.

The house, in the order in which a report walks through it::

    read/      a file                       -> Document   paragraphs and grids of cells, with page and box
    extract/   Document + forms             -> Report     whose it is, of which year, and each figure of the tables
    checks/    Report + form                -> Findings   what does not agree, within the report and with others
    package/   Report + Findings           <-> a data package on disk, and what keeps it whole
    build/     files that people give       -> packages   what is new, what is stale; the commands of build.py
    publish/   all packages                 -> site/      catalog, pages, downloads

A stage is a function of its inputs. It imports from those before it and from what lies under all of them: the types
that pass between them (``model``), the official forms (``form``, ``forms/*.toml``) and whether figures add up by them
(``identities``), ``figures``, ``numerals``, ``dates``, ``characters``, ``errors``, what names of public bodies are made
of (``names/``), and the process in which a stranger's file is read (``system/``). None imports from a later one;
``tests/test_architecture.py`` holds it. docs/architecture.md walks with one figure through all of them.
"""

__version__ = "0.1.0"
