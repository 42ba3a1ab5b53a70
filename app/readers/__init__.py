"""Documents to text with page, heading and offsets, in a process of its own.

May import `core` only. The first readers come with document questions; the room is empty.
"""
