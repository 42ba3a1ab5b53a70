"""What is said is heard, and heard once."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "app"
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(APP.rglob("*.py"))}


def signals(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Give class and name of each signal that is declared."""
    for kind in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for line in kind.body:
            if isinstance(line, ast.Assign) and isinstance(line.value, ast.Call):
                made_by = ast.unparse(line.value.func)
                if made_by in {"signal", "signal_of"}:
                    yield kind.name, ast.unparse(line.targets[0])


def slots(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Give class and name of each method that is a slot."""
    for kind in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for line in kind.body:
            if isinstance(line, ast.FunctionDef) and any(
                ast.unparse(one).startswith("Slot(") for one in line.decorator_list
            ):
                yield kind.name, line.name


def connections(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.Call]]:
    """Give each signal that is connected, and the call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(of := node.func, ast.Attribute):
            if of.attr != "connect":
                continue
            yield of.value, node


def last_name(node: ast.expr) -> str:
    return ast.unparse(node).rsplit(".", 1)[-1]


CONNECTED = {last_name(signal) for tree in TREES.values() for signal, _ in connections(tree)}
NAMED = {
    node.attr
    for tree in TREES.values()
    for node in ast.walk(tree)
    if isinstance(node, ast.Attribute)
}


@pytest.mark.parametrize("path", TREES, ids=lambda path: str(path.relative_to(APP)))
def test_every_signal_is_heard_and_every_slot_is_asked_by_someone(path: Path) -> None:
    assert [one for one in signals(TREES[path]) if one[1] not in CONNECTED] == []
    assert [one for one in slots(TREES[path]) if one[1] not in NAMED] == []


@pytest.mark.parametrize(
    "path",
    [path for path in TREES if path.parent.name == "shell"],
    ids=lambda path: path.name,
)
def test_nothing_is_connected_twice(path: Path) -> None:
    counts = Counter(ast.unparse(call) for _, call in connections(TREES[path]))
    assert [line for line, count in counts.items() if count > 1] == []
