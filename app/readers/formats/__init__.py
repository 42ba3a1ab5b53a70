"""Readers of all formats but PDF, one module each; every one has the same `read`."""
