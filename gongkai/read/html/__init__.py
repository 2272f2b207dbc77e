"""A web page -> a Document. ``reader`` is the way in.

In: a saved page. Out: its article (``article``) as lines and grids (``walk``, ``tables``), and the day it was
published.
"""
