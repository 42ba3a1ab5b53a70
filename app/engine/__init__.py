"""The inference process: it sees model files and its pipe, nothing else.

May import `core` only. No store, no network, no Qt: `child.py` serves the pipe, `llama.py` is
the only importer of llama_cpp, and `protocol.py` is all that the window process shares.
"""
