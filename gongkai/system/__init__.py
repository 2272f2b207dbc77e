"""What a stranger's file may take, and the process in which it is read.

In: a task. Out: what it comes to, or one line that says why not. ``limits`` is the table of what may be taken,
``sandbox`` the process seen from its parent, ``resource_limits`` the same process from within, ``forked_step`` a step
of it that may fail alone. Nothing here knows what a report is.
"""
