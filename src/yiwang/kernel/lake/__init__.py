"""The lake: an instance's cases as Parquet, and its figures counted there or in its own tables.

Decision 0026. What holds Ibis, DuckDB or Arrow is imported by the commands alone.
"""
