"""A Word file -> a Document. ``reader`` is the way in.

In: a .docx. Out: its paragraphs with the numbers that Word generates (``numbering``), and its tables (``tables``).
"""
