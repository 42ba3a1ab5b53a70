"""Everything that can be seen, in Qt Widgets.

May import `worker` and `core`. Asks workers through signals and never touches engine, disk,
network or hardware. Its rooms do not know each other; they meet in `main_window.py`.
"""
