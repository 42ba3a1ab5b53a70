"""Model files that other programs keep on this computer: found, and never changed.

Everything here only lists folders and reads files: nothing is written, locked or renamed, and
no whole file is hashed. What stands in foreign manifests and settings is taken for hostile: it
can lead to no file outside the store that it is of.
"""
