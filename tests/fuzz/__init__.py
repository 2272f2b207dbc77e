"""Real-shaped reports, damaged at random: whatever is done to one, it ends in a line or in figures that are right.

``seeds`` are the reports, ``edits`` what is done to them, ``judge`` says what is wrong with what came of it. Chance is
hypothesis'. ``bench.fuzz`` runs it for as long as wanted, ``tests/test_fuzz.py`` for a moment.
"""
