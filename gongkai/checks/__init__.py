"""The checks beyond the form's own sums: of plausibility, of the prose, of the year before, of other agencies.

In: a Report, and what others say. Out: CheckResults, and the findings of those that fail. ``rules.toml`` lists every
check in plain words; ``all_checks`` calls them all. The form's sums are in ``gongkai.checks.form_checks``.
"""
