"""Documents to text with page, heading and offsets, in a process of its own.

May import `core` only. `kinds` tells what a file is and which reader reads it; `endings` what
the window knows of that; `formats` has the readers of all formats but PDF.
"""
