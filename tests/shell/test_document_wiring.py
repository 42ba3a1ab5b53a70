"""Every signal about documents has someone who hears it, in the program as it is put together."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMetaMethod, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.shell.document_wiring import DocumentWiring
from app.shell.shell import Shell
from app.store.data_folder import DataFolder


@pytest.fixture
def shell(qtbot: QtBot, qapp: QApplication) -> Shell:
    """The program, not yet begun: no thread runs."""
    shell = Shell(qapp, DataFolder.open(), None)
    qtbot.addWidget(shell.window)
    return shell


def signals_of(one: QObject) -> Iterator[QMetaMethod]:
    """Give the signals that the program has added to those of Qt."""
    about = of_qt = one.metaObject()
    while not of_qt.className().startswith("Q") and (above := of_qt.superClass()) is not None:
        of_qt = above
    for number in range(of_qt.methodCount(), about.methodCount()):
        if about.method(number).methodType() is QMetaMethod.MethodType.Signal:
            yield about.method(number)


def test_every_signal_about_documents_is_heard(shell: Shell) -> None:
    window = shell.window
    wiring = DocumentWiring(window, DataFolder.open(), None)
    wiring.connect(shell.conversations, shell.engine, shell.library)
    rooms: tuple[QObject, ...] = (
        wiring.index,
        wiring.embedding,
        wiring.retrieval,
        wiring.citations,
        wiring.file_answers,
        wiring.viewer,
        shell.conversations.documents,
        window.documents,
        window.documents.viewer,
        window.documents_page,
        window.chat_page,
    )
    unheard = {
        f"{type(one).__name__}.{bytes(signal.name().data()).decode()}"
        for one in rooms
        for signal in signals_of(one)
        if not one.isSignalConnected(signal)
    }
    assert unheard == set()
