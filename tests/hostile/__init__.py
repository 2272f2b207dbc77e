"""Files that nobody who means well sends: a good report with one thing in it that harms whoever reads it.

``raw`` takes a PDF apart and puts it together, ``pictures``, ``streams``, ``structure``, ``drawing`` and ``fonts`` have
the harm by name, and ``kinds`` says how each must end.
"""
