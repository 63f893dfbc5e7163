"""Benchmarks: each runs us and a peer on the same data and compares the results."""
