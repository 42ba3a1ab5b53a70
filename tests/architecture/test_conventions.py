"""Rules that neither ruff nor import-linter can check."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_trees import APP, PROJECT, SOURCES, nodes

BROAD_EXCEPTS = {"engine/child.py", "readers/child.py", "worker/slot_guard.py"}
"""The last resorts: the request loops of the two child processes, the workers' slots. The
window's own is a hook of Python's."""


def called_name(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(APP)))
def test_signals_are_typed(path: Path) -> None:
    if path.name == "signal_types.py":
        return
    assert not [node for node in nodes(path) if called_name(node) == "Signal"]


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if path.parent.name in {"worker", "shell"}],
    ids=lambda path: path.name,
)
def test_across_threads_only_bound_methods_are_connected(path: Path) -> None:
    for node in nodes(path):
        if called_name(node) == "connect":
            assert isinstance(node, ast.Call)
            assert isinstance(node.args[0], ast.Attribute), ast.unparse(node)


def test_broad_excepts_stand_at_the_last_resorts_only() -> None:
    found = set()
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else "everything"
                if caught in {"everything", "Exception"}:
                    found.add(str(path.relative_to(APP).as_posix()))
    assert found <= BROAD_EXCEPTS


def test_text_for_the_user_is_not_formatted_before_it_is_translated() -> None:
    for path in APP.joinpath("ui").rglob("*.py"):
        for node in nodes(path):
            if called_name(node) in {"tr", "translate"}:
                assert isinstance(node, ast.Call)
                assert not any(isinstance(arg, ast.JoinedStr) for arg in node.args), path


def test_no_layout_is_written_in_python() -> None:
    """Qt ended the program when it asked one for an item whose wrapper was gone."""
    for path in APP.joinpath("ui").rglob("*.py"):
        for node in nodes(path):
            if isinstance(node, ast.ClassDef):
                assert "QLayout" not in {ast.unparse(base) for base in node.bases}, path


def test_workers_call_nothing_of_qt_that_could_stand_still() -> None:
    """PySide6 calls some of Qt with Python's lock held; these lock objects' signals as well.

    Another thread that destroys a QObject holds such a lock while it waits for Python's, so
    both would wait for ever. Only the window's thread may call them: it cannot do both at once.
    """
    harmless = {"QCoreApplication", "QElapsedTimer", "QLocale", "QObject", "QThread", "QTimer"}
    harmless |= {"Qt", "Signal", "Slot"}
    for path in APP.joinpath("worker").rglob("*.py"):
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6"):
                assert {alias.name for alias in node.names} <= harmless, path
            assert called_name(node) not in {"disconnect", "sender"}, path
            assert called_name(node) != "moveToThread" or path.name == "threads.py", path


def test_nothing_is_pickled_evaluated_or_run_in_a_shell() -> None:
    forbidden = {"pickle", "shelve", "marshal", "dill"}
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.Import):
                assert not forbidden & {alias.name for alias in node.names}, path
            if isinstance(node, ast.Call):
                assert getattr(node.func, "id", "") not in {"eval", "exec"}, path
                assert not any(word.arg == "shell" for word in node.keywords), path


def test_the_window_process_never_loads_llama() -> None:
    script = (
        "import sys, app.shell.start; "
        "print([name for name in sys.modules if name.split('.')[0] in {'llama_cpp', 'numpy'}])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_the_window_process_never_loads_what_takes_letters_apart() -> None:
    script = (
        "import sys, app.shell.document_wiring; "
        "print([name for name in sys.modules if name.split('.')[0] == 'olefile'])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_the_engine_process_never_loads_qt() -> None:
    script = (
        "import sys, app.engine.child, app.engine.chat_engine; "
        "print([name for name in sys.modules if name.split('.')[0] == 'PySide6'])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_void_qt_calls_keep_their_reference_to_none(qapp: object) -> None:
    """PySide6 6.12.0 lost one a call and killed Python 3.11; keep such a version out."""
    from PySide6.QtWidgets import QProgressBar  # noqa: PLC0415 - needs the application

    bar = QProgressBar()
    before = sys.getrefcount(None)
    for value in range(1000):
        bar.setValue(value % 100)
    assert abs(sys.getrefcount(None) - before) < 500
