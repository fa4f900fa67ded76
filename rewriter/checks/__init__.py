"""Deterministic checks of a rewrite: pure functions from values to findings."""
