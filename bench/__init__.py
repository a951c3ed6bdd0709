"""Benchmarks of onecopy's parts, each runnable from a fresh clone."""
