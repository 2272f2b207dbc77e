"""All packages -> a folder of static files: pages in every language, charts, tables to download.

Gather, then write. The modules in their order, each importing from its own line and from those above it::

    catalog   packaged_report coverage indicators rankings peer_comparison check_counts finding_counts regions
              catalog_tables table_formats bulk_tables catalog gather
    views     report_summary table_layout report_view source_images source_view report_downloads
    charts    chart_shapes charts agency_charts
    words     language glossary data_words colours templates
    pages     page_views patterns pages
    site      site new_catalog

Three registries say what there is: ``pages`` the kinds of page, ``table_formats`` and ``bulk_tables`` the downloads,
``language`` the languages. docs/site.md lists them. No figure of two agencies is ever added up, and nothing here reads
a package but to show what is in it and to copy its files.
"""
