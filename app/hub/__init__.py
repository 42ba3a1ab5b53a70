"""The only room that may open a connection.

Hub search, file facts, downloads and the ledger of every request will live here. This version
of Quillhouse never uses the network, so the room is empty.
"""
