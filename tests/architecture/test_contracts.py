"""The import contracts are kept, and each of them can be broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

VIOLATIONS = {
    "rings": ("app/store/planted.py", "import app.worker.threads\n"),
    "ui-asks-workers": ("app/ui/planted.py", "import app.store.saved_states\n"),
    "core-is-pure": ("app/core/planted.py", "import sqlite3\n"),
    "qt-stays-up": ("app/engine/planted.py", "import PySide6.QtCore\n"),
    "one-door-to-the-network": ("app/machine/planted.py", "import urllib.request\n"),
    "one-door-to-llama": ("app/worker/planted.py", "import app.engine.llama\n"),
    "child-is-blind": ("app/engine/planted.py", "import app.store.saved_states\n"),
    "rooms": ("app/ui/chat/planted.py", "import app.ui.settings.page\n"),
    "no-knots": (
        "app/core/planted.py",
        "import app.core.errors\n",
        "app/core/errors.py",
        "import app.core.planted\n",
    ),
}


def lint(folder: Path) -> tuple[int, str]:
    """Run the contracts on a tree; give the exit code and what was printed."""
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())",
        "--no-cache",
    ]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def test_all_contracts_are_kept() -> None:
    code, output = lint(PROJECT)
    assert code == 0, output


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_planted_violation_is_reported(contract: str, tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    planted = iter(VIOLATIONS[contract])
    for name, line in zip(planted, planted, strict=True):
        path = tmp_path / name
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(before + line, encoding="utf-8")
    code, output = lint(tmp_path)
    assert code == 1, output
    assert "BROKEN" in output


def test_a_package_without_a_place_is_reported(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    (tmp_path / "app" / "misc").mkdir()
    (tmp_path / "app" / "misc" / "__init__.py").write_text("")
    code, output = lint(tmp_path)
    assert code == 1, output
