"""A PDF -> a Document. ``reader`` is the way in; ``second_reader`` reads tables a second time by another library.

In: a file. Out: lines and ruled grids, each with page and box. ``pdfium_objects`` asks pdfium what is drawn, ``pages``
makes pages of it and blocks of pages, ``text_layer`` says which pages are pictures and go to ``gongkai.read.scan``.
"""
