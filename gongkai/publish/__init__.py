"""What pages are made of: indicators, charts, lists and words, out of the catalog.

In: ``gongkai.publish.catalog``. Out: what ``gongkai.publish.site`` writes with the templates. Nothing here reads a
package but to copy its files.
"""
