"""What leads where between chats, documents and the viewer."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from app.core.conversation import TurnState
from app.core.document_events import CollectionDeleted, CollectionList, CollectionRequest
from app.core.documents.evidence import ChatDocuments
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from app.ui.widgets.rail import PageKey
from tests.ui.chat import samples
from tests.ui.chat.seen import find, text_of


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> MainWindow:
    theme = Theme()
    theme.apply(qapp)
    window = MainWindow(theme, tmp_path)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    return window


def show_answer(window: MainWindow) -> QAbstractButton:
    of = samples.conversation(documents=ChatDocuments((samples.COLLECTION_ID,)))
    answer = samples.answer("a", samples.CITED_ANSWER, sources=samples.CITED)
    window.chat_page.show_conversation(
        samples.shown(samples.question("q", "Notice?"), answer, of=of)
    )
    return find(window, QAbstractButton, "Source 2: lease.pdf, page 6")


def test_a_source_opens_beside_the_chat_and_escape_goes_back_to_it(
    qtbot: QtBot, window: MainWindow
) -> None:
    button = show_answer(window)
    button.setFocus()
    with qtbot.waitSignal(window.documents.viewer.page_requested) as asked:
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert asked.args[0].page == 6
    viewer = window.documents.viewer
    assert viewer.isVisible()
    assert not window.documents.host.is_over
    assert window.chat_page.width() + viewer.width() == window.documents.host.width()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert viewer.isAncestorOf(focused)
    qtbot.keyClick(focused, Qt.Key.Key_Escape)
    assert not viewer.isVisible()
    assert QApplication.focusWidget() is button


def test_in_a_narrow_window_the_viewer_lies_over_the_chat(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.resize(1000, 700)
    button = show_answer(window)
    width = window.chat_page.width()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.documents.host.is_over
    assert window.chat_page.width() == width


def test_escape_beside_the_viewer_still_stops_an_answer(qtbot: QtBot, window: MainWindow) -> None:
    window.documents.open_place(samples.place())
    of = samples.conversation()
    writing = samples.answer("a", "So", TurnState.WRITING)
    window.chat_page.show_conversation(
        samples.shown(samples.question("q", "Why?"), writing, of=of)
    )
    window.chat_page.focus_composer()
    with qtbot.waitSignal(window.chat_page.stop_requested):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert window.documents.viewer.isVisible()


def test_the_viewer_does_not_stay_beside_other_pages(window: MainWindow) -> None:
    window.documents.open_place(samples.place())
    window.show_page(PageKey.DOCUMENTS)
    assert window.documents.viewer.isVisible()
    window.show_page(PageKey.SETTINGS)
    assert not window.documents.viewer.isVisible()


def test_asking_a_collection_begins_a_chat_about_it(window: MainWindow) -> None:
    window.documents.show_collections(CollectionList((samples.collection(),)))
    show_answer(window)
    window.documents_page.ask_requested.emit(CollectionRequest(samples.COLLECTION_ID))
    assert window.chat_page.isVisible()
    assert window.chat_page.conversation_id is None
    assert window.chat_page.composer_area.documents.chosen.collection_ids == (
        samples.COLLECTION_ID,
    )


def test_removed_collections_come_back_the_last_first(qtbot: QtBot, window: MainWindow) -> None:
    restored: list[CollectionRequest] = []
    window.documents.restore_collection_requested.connect(restored.append)
    window.documents.offer_undo(CollectionDeleted("a", "Flat"))
    window.documents.offer_undo(CollectionDeleted("b", "Work"))
    assert "Removed: Work. The files stay where they are." in text_of(window)
    for _ in range(2):
        qtbot.mouseClick(find(window, QAbstractButton, "Undo"), Qt.MouseButton.LeftButton)
    assert [one.collection_id for one in restored] == ["b", "a"]


def drop(window: MainWindow, *names: str) -> bool:
    """Drop files on the window; say whether it would take them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(name) for name in names])
    action, button, no_keys = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    entering = QDragEnterEvent(QPoint(9, 9), action, data, button, no_keys)
    entering.ignore()
    window.dragEnterEvent(entering)
    if entering.isAccepted():
        window.dropEvent(QDropEvent(QPointF(9, 9), action, data, button, no_keys))
    return entering.isAccepted()


def test_files_dropped_on_a_chat_are_attached_and_models_loaded(
    qtbot: QtBot, window: MainWindow
) -> None:
    with qtbot.waitSignal(window.chat_page.attach_requested) as attached:
        assert drop(window, "/a/lease.pdf")
    assert attached.args[0].sources == (Path("/a/lease.pdf"),)
    with qtbot.waitSignal(window.load_requested) as loaded:
        assert drop(window, "/a/lease.pdf", "/a/model.GGUF")
    assert loaded.args[0].path == Path("/a/model.GGUF")


def test_what_reads_documents_begins_when_files_are_held_over_the_window(
    window: MainWindow,
) -> None:
    expected: list[str] = []
    page = window.documents_page
    page.reading_expected.connect(lambda: expected.append("documents"))
    # Nobody who only chats, or loads models, has a process for documents.
    window.show_page(PageKey.CHAT)
    assert drop(window, "/a/model.gguf")
    window.show_page(PageKey.SETTINGS)
    assert not drop(window, "/a/lease.pdf")
    assert expected == []
    window.show_page(PageKey.CHAT)
    assert drop(window, "/a/lease.pdf")
    assert expected == ["documents"]
    window.show_page(PageKey.DOCUMENTS)
    assert expected == ["documents"] * 2


def test_pages_without_a_use_for_files_refuse_them(window: MainWindow) -> None:
    window.show_page(PageKey.SETTINGS)
    assert not drop(window, "/a/lease.pdf")
