"""Trying out what the documents would give to read for a question; nobody answers."""

import itertools

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.document_events import EvidenceFailed, EvidenceFound, EvidenceRequest
from app.core.documents.evidence import Evidence
from app.ui.documents import evidence_words as words
from app.ui.documents.passage_card import FoundPassage, PassageCard
from app.ui.documents.question_bar import QuestionBar
from app.ui.documents.requests import DocumentRequests
from app.ui.messages import message_for
from app.ui.theme import Theme
from app.ui.widgets.announcement import announce
from app.ui.widgets.badge import Tone
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.labels import label

ID_PREFIX = "try-"
WAIT_MS = 300
"""Quicker answers need no word that says to wait."""
MOST_SHOWN = 12
_NUMBERS = itertools.count(1)


class TryView(QWidget):
    """A field, what the search says, and a card for each passage."""

    def __init__(self, theme: Theme, requests: DocumentRequests) -> None:
        super().__init__()
        self._theme = theme
        self._requests = requests
        self._collection_id = ""
        self._request_id = ""
        self._question = ""
        self._cards: list[PassageCard] = []
        hint = label(
            self.tr(
                "See which passages would be read to answer a question, without asking a model."
            ),
            "dim",
            wraps=True,
        )
        self.bar = QuestionBar(theme, self.tr("A question to try"), self.tr("Find passages"))
        self.bar.asked.connect(self._on_asked)
        self._verdict = IconLine(theme, "")
        self._waiting = label(self.tr("Looking…"), "dim")
        self._waiting.hide()
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._waiting.show)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for part in (hint, self.bar, self._waiting, self._verdict):
            self._column.addWidget(part)
        self._column.addStretch(1)
        theme.changed.connect(self._restyle)
        self._restyle()

    def begin(self, collection_id: str) -> None:
        """Forget the question to another collection."""
        self._collection_id = collection_id
        self._request_id = ""
        self.bar.field.clear()
        self._clear()

    def show_evidence(self, found: EvidenceFound) -> None:
        """Show what was found, if it is for the question asked last."""
        if found.request_id != self._request_id:
            return
        self._clear()
        evidence = found.evidence
        text = words.verdict_text(evidence)
        self._verdict.say(words.verdict_tone(evidence.verdict), text)
        announce(self, text)
        for one in self._found(evidence)[:MOST_SHOWN]:
            card = PassageCard(self._theme, one)
            card.place_requested.connect(self._requests.place_requested.emit)
            self._cards.append(card)
            self._column.insertWidget(self._column.count() - 1, card)
            card.show()

    def show_failed(self, failed: EvidenceFailed) -> None:
        """Say why it could not be searched."""
        if failed.request_id != self._request_id:
            return
        self._clear()
        message = message_for(failed.failure)
        text = f"{message.title}. {message.what_happened} {message.what_to_do}"
        self._verdict.say(Tone.BAD, text)
        announce(self, text)

    def _found(self, evidence: Evidence) -> list[FoundPassage]:
        best = max((one.score for one in evidence.passages), default=0.0)
        found = []
        for passage in evidence.passages:
            quotes = (one.text for one in evidence.quotes if one.text in passage.text)
            share = words.share_of(passage.score, best)
            strength = words.strength_of(share, evidence.verdict)
            focus = next(quotes, "")
            found.append(FoundPassage(passage, self._question, focus, share, strength))
        return found

    def _clear(self) -> None:
        self._timer.stop()
        self._waiting.hide()
        self._verdict.say(Tone.PLAIN, "")
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards.clear()

    @Slot(object)
    def _on_asked(self, question: str) -> None:
        """Look for it."""
        self._question = question
        self._request_id = f"{ID_PREFIX}{next(_NUMBERS)}"
        self._clear()
        self._timer.start()
        request = EvidenceRequest(self._request_id, (self._collection_id,), question)
        self._requests.try_requested.emit(request)

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        self._column.setSpacing(self._theme.px(10))
