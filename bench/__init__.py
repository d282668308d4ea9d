"""Speed, measured: a filled town, a load client, and a table with the machine's facts.

Never a timed test: figures stand in docs/benchmarks.md with the aims beside them, reached or not.
"""
