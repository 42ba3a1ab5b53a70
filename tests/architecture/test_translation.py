"""All text that is shown can be found by those who translate it."""

import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.catalogue_sentences import SENTENCES
from app.core.licence_table import LICENCES, NOT_STATED, UNKNOWN
from app.core.settings import SETTINGS, SettingGroup
from app.ui.catalogue.filter_chips import SIZE_WORDS
from app.ui.catalogue.licence_words import BADGE_WORDS, LONG_WORDS
from app.ui.catalogue.offering_words import CAPABILITY_WORDS, USE_WORDS
from app.ui.catalogue.offering_words import STATE_WORDS as DOWNLOAD_WORDS
from app.ui.catalogue.origin_words import PROGRAM_NAMES
from app.ui.catalogue.page_notice import GATE_WORDS
from app.ui.computer.computer_words import KINDS, POWER_MODES
from app.ui.downloads.download_words import DOING_WORDS, NOTE_WORDS
from app.ui.downloads.download_words import STATE_WORDS as DOWNLOAD_STATE_WORDS
from app.ui.messages import _MESSAGES, _REASONS
from app.ui.network_words import PURPOSE_WORDS, RESULT_WORDS
from app.ui.shortcuts_dialog import SHORTCUTS
from app.ui.verdict_words import (
    CERTAINTIES,
    OFFER_WORDS,
    QUALITY_WORDS,
    REASONS,
    STATE_WORDS,
)
from tests.architecture.source_trees import PROJECT, SOURCES, tree_of

LUPDATE = Path(sys.executable).with_name("pyside6-lupdate")
MARKED = {"translate", "QT_TRANSLATE_NOOP"}
LOOKED_UP = {
    "catalogue": "offering_words.py",
    "computer": "computer_words.py",
    "documents": "document_words.py",
    "downloads": "download_words.py",
    "network": "network_words.py",
    "origins": "origin_words.py",
    "filters": "filter_chips.py",
    "licence_words": "licence_words.py",
    "licences": "licence_words.py",
    "messages": "messages.py",
    "offering": "offering_words.py",
    "page_notice": "page_notice.py",
    "settings": "setting_row.py",
    "shortcuts": "shortcuts_dialog.py",
    "verdict": "verdict_words.py",
}
"""Contexts of the tables, and the one place that translates what stands in them."""

Text = tuple[str, str]
"""Context and source text."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> set[Text]:
    """Give what Qt's own tool finds."""
    catalogue = tmp_path_factory.mktemp("translations") / "quillhouse_xx.ts"
    command = [str(LUPDATE), *map(str, SOURCES), "-ts", str(catalogue)]
    subprocess.run(command, check=True, capture_output=True, cwd=catalogue.parent)
    return {
        (str(context.findtext("name")), str(message.findtext("source")))
        for context in ET.parse(catalogue).getroot().iter("context")
        for message in context.iter("message")
    }


def calls(node: ast.AST, class_name: str = "") -> Iterator[tuple[str, str, ast.Call]]:
    """Give the name of each call and the class it stands in."""
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, ast.ClassDef) else class_name
        if isinstance(child, ast.Call):
            function = child.func
            name = function.attr if isinstance(function, ast.Attribute) else ""
            yield getattr(function, "id", name), class_name, child
        yield from calls(child, inside)


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_lupdate_finds_every_text_where_it_is_looked_up(path: Path, found: set[Text]) -> None:
    for name, class_name, call in calls(tree_of(path)):
        if name == "tr":
            wanted: tuple[str, str | None] = (class_name, literal(call.args[0]))
        elif name in MARKED and len(call.args) == 2:  # not that of a string, which takes one
            wanted = (str(literal(call.args[0])), literal(call.args[1]))
            if wanted[1] is None and LOOKED_UP.get(wanted[0]) == path.name:
                continue
        else:
            continue
        assert wanted in found, f"line {call.lineno}"


def test_lupdate_finds_the_tables(found: set[Text]) -> None:
    for row in SETTINGS:
        if row.group is not SettingGroup.HIDDEN:
            for text in (row.title, row.explanation, *(title for _, title in row.choices)):
                assert ("settings", text) in found
    for shortcut in SHORTCUTS:
        assert ("shortcuts", shortcut.title) in found
    for message in _MESSAGES.values():
        for text in (message.title, message.what_happened, message.what_to_do):
            assert ("messages", text) in found
    for text in _REASONS.values():
        assert ("messages", text) in found
    verdicts = (STATE_WORDS, REASONS, QUALITY_WORDS, OFFER_WORDS, CERTAINTIES)
    for text in (text for table in verdicts for text in table.values()):
        assert ("verdict", text) in found
    for text in (*POWER_MODES.values(), *KINDS.values()):
        assert ("computer", text) in found
    downloads = (DOWNLOAD_STATE_WORDS, DOING_WORDS, NOTE_WORDS)
    for text in (text for table in downloads for text in table.values()):
        assert ("downloads", text) in found
    for text in (*PURPOSE_WORDS.values(), *(text for _, text in RESULT_WORDS)):
        assert ("network", text) in found
    for text in PROGRAM_NAMES.values():
        assert ("origins", text) in found


def test_lupdate_finds_the_tables_of_the_catalogue(found: set[Text]) -> None:
    for text in (text for one in (BADGE_WORDS, LONG_WORDS) for text in one.values()):
        assert ("licence_words", text) in found
    for licence in (NOT_STATED, UNKNOWN, *LICENCES.values()):
        for text in licence.conditions:
            assert ("licences", text) in found
    for text in (NOT_STATED.title, UNKNOWN.title):
        assert not text or ("licences", text) in found
    offerings = (USE_WORDS, CAPABILITY_WORDS, DOWNLOAD_WORDS)
    for text in (text for one in offerings for text in one.values()):
        assert ("offering", text) in found
    for text in SIZE_WORDS.values():
        assert ("filters", text) in found
    for text in GATE_WORDS.values():
        assert ("page_notice", text) in found
    for text in SENTENCES:
        assert ("catalogue", text) in found
