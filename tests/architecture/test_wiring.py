"""What is said is heard, and heard once."""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.source_trees import APP, SOURCES, nodes


def signals(path: Path) -> Iterator[tuple[str, str]]:
    """Give class and name of each signal that is declared."""
    for kind in (node for node in nodes(path) if isinstance(node, ast.ClassDef)):
        for line in kind.body:
            if isinstance(line, ast.Assign) and isinstance(line.value, ast.Call):
                made_by = ast.unparse(line.value.func)
                if made_by in {"signal", "signal_of"}:
                    yield kind.name, ast.unparse(line.targets[0])


def slots(path: Path) -> Iterator[tuple[str, str]]:
    """Give class and name of each method that is a slot."""
    for kind in (node for node in nodes(path) if isinstance(node, ast.ClassDef)):
        for line in kind.body:
            if isinstance(line, ast.FunctionDef) and any(
                ast.unparse(one).startswith("Slot(") for one in line.decorator_list
            ):
                yield kind.name, line.name


def connections(path: Path) -> Iterator[tuple[ast.expr, ast.Call]]:
    """Give each signal that is connected, and the call."""
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(of := node.func, ast.Attribute):
            if of.attr != "connect":
                continue
            yield of.value, node


def last_name(node: ast.expr) -> str:
    return ast.unparse(node).rsplit(".", 1)[-1]


@cache
def connected() -> frozenset[str]:
    return frozenset(last_name(signal) for path in SOURCES for signal, _ in connections(path))


@cache
def named() -> frozenset[str]:
    return frozenset(
        node.attr for path in SOURCES for node in nodes(path) if isinstance(node, ast.Attribute)
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(APP)))
def test_every_signal_is_heard_and_every_slot_is_asked_by_someone(path: Path) -> None:
    assert [one for one in signals(path) if one[1] not in connected()] == []
    assert [one for one in slots(path) if one[1] not in named()] == []


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if path.parent.name == "shell"],
    ids=lambda path: path.name,
)
def test_nothing_is_connected_twice(path: Path) -> None:
    counts = Counter(ast.unparse(call) for _, call in connections(path))
    assert [line for line, count in counts.items() if count > 1] == []
