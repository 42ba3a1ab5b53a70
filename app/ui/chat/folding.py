"""How much of a long message is shown until the reader asks for all of it."""

FOLD_ABOVE_LINES = 14
"""A text a little longer than what is left of it would hardly gain from being folded."""
FOLDED_LINES = 12
LINE_CHARACTERS = 64
"""About as many fit into a line of the bubble."""


def folded_head(text: str) -> str | None:
    """Give the beginning of a text too long to be shown whole; None if it is not too long."""
    if _lines_up_to(text, FOLD_ABOVE_LINES + 1) <= FOLD_ABOVE_LINES:
        return None
    head: list[str] = []
    n_lines = 0
    for line in text.split("\n"):
        room = FOLDED_LINES - n_lines
        n_needed = _lines_of(line)
        if n_needed >= room:
            head.append(_cut(line, room * LINE_CHARACTERS))
            break
        head.append(line)
        n_lines += n_needed
    return "\n".join(head).rstrip() + "\u2026"


def _lines_up_to(text: str, limit: int) -> int:
    """Count the lines that a text takes, but not much further than to `limit`."""
    n_lines = 0
    start = 0
    while n_lines < limit:
        end = text.find("\n", start)
        if end < 0:
            return n_lines + _lines_of(text[start:])
        n_lines += _lines_of(text[start:end])
        start = end + 1
    return n_lines


def _lines_of(line: str) -> int:
    return max(1, -(-len(line) // LINE_CHARACTERS))


def _cut(line: str, n_characters: int) -> str:
    """Cut a line, between words if there is a space not too far back."""
    if len(line) <= n_characters:
        return line
    head = line[:n_characters]
    words, space, _ = head.rpartition(" ")
    return words if space and len(words) > n_characters // 2 else head
