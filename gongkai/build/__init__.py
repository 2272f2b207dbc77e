"""The commands: what is new, what is stale, in which order it is done, and what is said of it.

In: files and folders that people give. Out: packages in their places, and a line a file where something is wrong.
``stages`` is the line that one report walks through, ``worker`` has it walk in a sandbox, ``ingest`` puts what comes
out into its place, ``cross_report_pass`` compares packages, ``commands`` are what ``build.py`` calls.
"""
