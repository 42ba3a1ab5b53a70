"""A user who writes without a pause, in a process of its own that may be killed at any moment.

Prints one line, tab-separated, for each thing that is seen:

    open                    the window is on the screen
    engine PID              the engine process that answers
    sent TEXT               the message stands in the chat as sent
    shown TURN TIME COUNT   so many characters of this answer stood there at this time (seconds)
    closed                  it has written enough, and everything has ended

Run as `python -m tests.journeys.robot STARTER N_ANSWERS`, with QUILLHOUSE_HOME set.
"""

import random
import sys
import time
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from app.core import events
from app.core.settings import SettingKey
from app.shell.shell import Shell
from app.store.data_folder import DataFolder

LOOKS_EVERY_MS = 5
ANSWER_TOKENS = 40
STOPS_OFTEN = 0.2
NEW_CHATS_OFTEN = 0.2


def say(*words: object) -> None:
    """Print a line at once; a line that was read was seen before the kill."""
    print(*words, sep="\t", flush=True)


class Robot(QObject):
    """Sends, watches, sometimes stops or begins another chat; closes after enough answers."""

    def __init__(self, shell: Shell, n_answers: int) -> None:
        super().__init__()
        self._shell = shell
        self._n_answers = n_answers
        self._n_sent = 0
        self._n_ended = 0
        self._sending = ""
        self._engine_id = 0
        self._chance = random.Random()
        self._shown: dict[str, int] = {}
        shell.engine.answer_grew.connect(self._on_grew)
        shell.engine.answer_finished.connect(self._on_ended)
        shell.engine.answer_failed.connect(self._on_ended)
        self._timer = QTimer(self, interval=LOOKS_EVERY_MS)
        self._timer.timeout.connect(self._look)
        shell.window.opened.connect(self._begin)

    @Slot()
    def _begin(self) -> None:
        """Begin once the window is on the screen, and what is behind it is there."""
        self._timer.start()
        setting = events.SettingRequest(SettingKey.MAX_TOKENS, ANSWER_TOKENS)
        self._shell.window.setting_requested.emit(setting)

    def _composer(self) -> QPlainTextEdit:
        fields = self._shell.window.findChildren(QPlainTextEdit)
        return next(one for one in fields if one.accessibleName() == "Message")

    @Slot()
    def _look(self) -> None:
        """See what has changed, and go on."""
        engine_id = self._shell.engine.process_id
        if engine_id and engine_id != self._engine_id:
            self._engine_id = engine_id
            say("engine", engine_id)
        composer = self._composer()
        if self._sending:
            if not composer.toPlainText():
                say("sent", self._sending)
                self._sending = ""
        elif self._n_ended >= self._n_answers:
            self._timer.stop()
            self._shell.window.close()
        elif self._n_ended >= self._n_sent and composer.isEnabled():
            self._send(composer)

    def _send(self, composer: QPlainTextEdit) -> None:
        if self._n_sent and self._chance.random() < NEW_CHATS_OFTEN:
            self._shell.window.start_new_chat()
        self._n_sent += 1
        self._sending = f"Message {self._n_sent} of {time.time_ns()}: tell me a story."
        composer.setPlainText(self._sending)
        QTest.keyClick(composer, Qt.Key.Key_Return)

    @Slot(object)
    def _on_grew(self, delta: events.AnswerDelta) -> None:
        """Words came: they are on the screen by now."""
        so_far = self._shown.get(delta.answer_id, 0) + len(delta.text)
        self._shown[delta.answer_id] = so_far
        say("shown", delta.answer_id, time.time(), so_far)
        if self._chance.random() < STOPS_OFTEN / ANSWER_TOKENS:
            self._shell.window.chat_page.stop()

    @Slot(object)
    def _on_ended(self, _ended: object) -> None:
        self._n_ended += 1


def main(starter: Path, n_answers: int) -> None:
    """Be the user until enough is written."""
    application = QApplication([])
    shell = Shell(application, DataFolder.open(), starter)
    robot = Robot(shell, n_answers)
    shell.start()
    say("open")
    application.exec()
    shell.close()
    robot.deleteLater()
    say("closed")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
