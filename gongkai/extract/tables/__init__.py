"""A grid or lines of text -> the rows, columns and figures of the form.

In: a Document's blocks and the form. Out: for each figure of the form the cell that holds it (``locate``), or nothing.
``find_tables`` says which blocks are a table, ``rows`` makes rows of them, ``row_matching`` and ``columns`` say which
row and column of the form each is, by ``alignment`` of labels; ``template`` is what is looked for.
"""
