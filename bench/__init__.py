"""Benchmarks: each runs us and a peer on the same data in one run and compares results."""
