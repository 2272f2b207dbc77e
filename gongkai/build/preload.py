"""What the process that children are forked from has in memory: imported there, once, and nowhere else.

In: nothing. Out: imported libraries, the gazetteer, the forms and what is known of the code, all of which every child
inherits. pdfplumber is left to the few children that need a second reading.
"""

import frictionless.fields  # noqa: F401
import rapidfuzz.distance  # noqa: F401

from gongkai.names.places import load_gazetteer
from gongkai.package.fingerprint import code_for
from gongkai.package.schema import OPTIONAL_TABLES, TABLES, table_problems
from gongkai.read.formats import FORMATS

load_gazetteer()
for _format in FORMATS:
    code_for(_format.suffix)
for _table in (*TABLES, *OPTIONAL_TABLES):
    table_problems(_table, [])
