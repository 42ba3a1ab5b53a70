"""QObjects that live on QThreads: signals in, signals out.

Each hides one slow thing (the engine process, the database) from the window. QtCore only; a
worker's signal carries one frozen dataclass from `app/core/events.py` or nothing.
"""
