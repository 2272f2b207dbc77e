"""Open data out of China's government-information-disclosure annual reports.

The line of rooms that a report walks through once::

    read/      a file                    -> Document   paragraphs and grids of cells, with page and box
    extract    Document + forms          -> Report     (align: a grid's rows and columns -> the form's;
                                                        agency: a printed name -> Agency)
    check      Report + Form             -> Findings
    package    Report + Findings         <-> a data package on disk
    compare    packages side by side     -> what is found then, into those that it concerns (second_pass)
    catalog    all packages              -> the tables that the pages are made of
    site       catalog + site_templates  -> site/

What a room needs beyond itself lies in a folder beside it: ``names/`` for agency, ``findings/`` for the checks that the
form does not prescribe, ``publish/`` for what pages are made of.
``model`` holds every type that passes between the rooms, ``forms/*.toml`` the official forms.
A stage is a function of its inputs; none reaches back, and none reads another's files.
"""

__version__ = "0.1.0"
