"""The room of settings, built from the table in `core/settings.py`."""
