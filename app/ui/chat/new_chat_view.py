"""What a chat shows before it has begun: a greeting, the model in one sentence, and examples."""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.core.model import ModelFile
from app.ui.theme import Theme
from app.ui.widgets.labels import label
from app.worker.signal_types import signal_of

COLUMN_PX = 640
SIDE_PX = 24
GAP_PX = 12
TWO_COLUMNS_FROM_PX = 480


@dataclass(frozen=True, slots=True)
class Example:
    """Something to try: what it is, and the message that does it."""

    title: str
    message: str


class ExampleCard(QPushButton):
    """A card that puts its message into the composer."""

    def __init__(self, theme: Theme, example: Example, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.example = example
        self.setProperty("kind", "example")
        self.setAccessibleName(f"{example.title}: {example.message}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        title = label(example.title, "strong")
        message = label(example.message, "dim", wraps=True)
        for text in (title, message):
            text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        self._layout.setSpacing(theme.px(4))
        self._layout.addWidget(title)
        self._layout.addWidget(message, 1, Qt.AlignmentFlag.AlignTop)

    def sizeHint(self) -> QSize:
        """Give the room for both texts; a button would only ask for its own."""
        return self._layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Wrap in narrow windows."""
        return self._layout.minimumSize()

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return self._layout.hasHeightForWidth()

    def heightForWidth(self, width_px: int) -> int:
        """Give the height in px of both texts at this width."""
        return self._layout.totalHeightForWidth(width_px)


class NewChatView(QScrollArea):
    """Greets, says what to expect of the model, and offers four things to try.

    Signals:
        example_chosen: the message of an example is wanted in the composer.
    """

    example_chosen = signal_of(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._asks_documents = False
        self._model_text = ""
        self._greeting = label("", "title", wraps=True)
        self._about = label("", "dim", wraps=True)
        for text in (self._greeting, self._about):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._cards = [ExampleCard(theme, example, self) for example in self._examples()]
        for card in self._cards:
            card.clicked.connect(self._on_card)
        self._grid = QGridLayout()
        self._column = QWidget()
        self._layout = QVBoxLayout(self._column)
        self._layout.addStretch(2)
        self._layout.addWidget(self._greeting)
        self._layout.addWidget(self._about)
        self._layout.addSpacing(theme.px(GAP_PX))
        self._layout.addLayout(self._grid)
        self._layout.addStretch(3)
        self.setWidget(self._column)
        self.show_model(None, is_starter=False)
        theme.changed.connect(self._arrange)
        self._arrange()

    def _examples(self) -> tuple[Example, ...]:
        return (
            Example(
                self.tr("Explain something"),
                self.tr("Explain in three sentences why the sky is blue."),
            ),
            Example(
                self.tr("Write an e-mail"),
                self.tr("Write a short, polite e-mail: our heating has been cold since Monday."),
            ),
            Example(
                self.tr("Translate"),
                self.tr("Translate into French: Where is the nearest pharmacy?"),
            ),
            Example(
                self.tr("Find ideas"),
                self.tr("Give me five ideas for a rainy Sunday with two children."),
            ),
        )

    def show_model(self, model: ModelFile | None, *, is_starter: bool) -> None:
        """Say in one sentence what to expect of the model in use."""
        if model is None:
            text = self.tr("Choose a model at the top. You can already write your message.")
        elif is_starter:
            text = self.tr(
                "Starter is a tiny model that came with Quillhouse so that you can try everything "
                "at once. It is often wrong: use a larger model for real work."
            )
        else:
            text = self.tr(
                "{name} answers on this computer; nothing you write leaves it. It can be wrong, "
                "so check what matters."
            ).format(name=model.display_name)
        self._model_text = text
        self._say()

    def set_asks_documents(self, *, asks_documents: bool) -> None:
        """Greet for questions about documents; examples are about none."""
        if asks_documents != self._asks_documents:
            self._asks_documents = asks_documents
            for card in self._cards:
                card.setVisible(not asks_documents)
            self._say()

    def _say(self) -> None:
        if self._asks_documents:
            self._greeting.setText(self.tr("What do you want to know?"))
            self._about.setText(
                self.tr(
                    "Every answer shows the pages and sentences it rests on; one click opens"
                    " them. What is not in your documents is said plainly."
                )
            )
        else:
            self._greeting.setText(self.tr("What can I help you with?"))
            self._about.setText(self._model_text)

    @Slot()
    def _on_card(self) -> None:
        card = self.sender()
        if isinstance(card, ExampleCard):
            self.example_chosen.emit(card.example.message)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards side by side where there is room."""
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        theme = self._theme
        width_px = min(self.width() - 2 * theme.px(SIDE_PX), theme.px(COLUMN_PX))
        side = max(0, (self.width() - width_px) // 2)
        self._layout.setContentsMargins(side, theme.px(GAP_PX), side, theme.px(GAP_PX))
        self._layout.setSpacing(theme.px(GAP_PX))
        self._grid.setSpacing(theme.px(GAP_PX))
        n_columns = 2 if width_px >= theme.px(TWO_COLUMNS_FROM_PX) else 1
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // n_columns, place % n_columns)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < n_columns else 0)
