"""Composition root: start, and the wiring of stores, workers and window."""
