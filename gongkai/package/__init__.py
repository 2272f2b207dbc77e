"""A Report and its Findings <-> a data package on disk, and everything that keeps packages whole.

In: a Report, or a folder of packages that strangers may have written. Out: files as docs/package.md has them, and
problems in words. ``folder`` writes and reads one package, ``validate`` checks all, ``index`` knows which are there,
``baseline`` what was published before, ``fingerprint`` what made a package, ``atomic_folders`` moves it whole.
"""
