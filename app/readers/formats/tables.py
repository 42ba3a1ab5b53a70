"""What the readers of tables have in common."""

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"[-+(]?[\s$€£¥%]*\d[\d\s.,:/%()€$£¥-]*")


def is_header(cells: Sequence[str]) -> bool:
    """Say whether the first row of a table names its columns: it has words, not numbers."""
    full = [cell for cell in cells if cell.strip()]
    n_numbers = sum(1 for cell in full if _NUMBER.fullmatch(cell.strip()))
    return len(full) > len(cells) / 2 and n_numbers <= len(full) / 3


def row_text(cells: Sequence[str]) -> str:
    """Give a row as one line; nothing if all its cells are empty."""
    n_cells = len(cells)
    while n_cells and not cells[n_cells - 1].strip():
        n_cells -= 1
    return " | ".join(cells[:n_cells])
