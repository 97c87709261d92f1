"""Measurements: `make bench`. Ratios of medians in one run, because machines differ and are noisy; never part of the tests."""
