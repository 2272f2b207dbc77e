"""Every check of a report: by its form, of plausibility, of its prose, with the year before and with other agencies.

In: a Report, what reading noted of it, and what others say. Out: CheckResults, and the findings of those that fail.
``registry`` is the one list of checks; ``report_checks`` and ``cross_report_checks`` make those of each pass,
``all_checks`` both, and ``rules.toml`` has their words. Whether sums hold is in ``gongkai.identities``.
"""
