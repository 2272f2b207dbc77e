"""Report files that the project makes for itself: invented agencies, true figures, and every layout that is known.

``content`` says what is printed, ``sheets`` makes tables of it, ``typeset`` puts them on pages, ``pdf`` and ``text``
write the file, and ``oracle`` says whether a reading of it is right.
"""
