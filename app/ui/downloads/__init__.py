"""The room of downloads."""
