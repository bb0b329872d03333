"""Benchmarks: `python -m bench <name>` measures, prints a table, and with --json says it to machines."""
