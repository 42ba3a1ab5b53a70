"""Where fonts, icons and the starter model are, from source and frozen."""

import sys
from functools import cache
from pathlib import Path


@cache
def resources_folder() -> Path:
    """Give the folder of everything that is not code."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parents[2]
    return root / "resources"
