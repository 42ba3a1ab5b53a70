"""The reasoning that some models write before an answer."""

import re

THOUGHT_OPENING, THOUGHT_CLOSING = "<think>", "</think>"
"""What stands around it."""
_THOUGHT = re.compile(
    r"\A(?:\s*<think>.*?(?:</think>|\Z)|(?:(?!<think>).)*?</think>)\s*",
    re.DOTALL,
)
"""A thought up to its end, be it that the prompt had begun it, or that it was stopped."""


def without_thoughts(text: str) -> str:
    """Give an answer without the reasoning that some models write before it."""
    return _THOUGHT.sub("", text, count=1)
