"""A Document and the forms -> a Report: whose it is, of which year, and each figure of the form's tables.

In: what a reader gives (``gongkai.read``). Out: a Report (``report.extract_report``) and what reading it left in doubt.
``outline`` finds the sections, ``tables/`` the tables and their figures, ``agency``, ``year``, ``scope`` and
``publication`` what the report is of; ``ocr_resolution`` settles what recognition left open.
"""
