"""Pictures of pages -> the lines and grids on them. ``reader`` is the way in.

In: pages of a PDF that are pictures. Out: the blocks that a page of text gives, with what recognition leaves in doubt.
``raster`` draws and cleans, ``rules`` finds strokes, ``cells`` and ``lines`` have ``ocr`` read what lies between them.
"""
