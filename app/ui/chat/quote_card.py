"""A passage of a document, word for word; a click opens the page it stands on."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.core.documents.evidence import DocumentPlace, Source
from app.ui.chat.citation_words import place_of
from app.ui.document_words import SEPARATOR, place_name, quote_in_line
from app.ui.quantities import count_text
from app.ui.theme import Theme
from app.ui.widgets.labels import breakable, label
from app.ui.widgets.text_safety import visible_text
from app.worker.signal_types import signal_of

MOST_CHARS = 420
SIDE_PX = 16
ABOVE_PX = 12
GAP_PX = 6


class QuoteCard(QPushButton):
    """Shows a quote and where it stands.

    Signals:
        place_requested: the page is to be opened.
    """

    place_requested = signal_of(DocumentPlace)

    def __init__(self, theme: Theme, source: Source, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._place = place_of(source)
        self.setProperty("kind", "example")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        quote = quote_in_line(visible_text(source.quote), MOST_CHARS)
        text = label(f"\u201c{breakable(quote)}\u201d", wraps=True)
        where = place_name(source.place, SEPARATOR)
        if source.place.heading_path:
            where = f"{where}{SEPARATOR}{source.place.heading_path[-1]}"
        foot = label(breakable(f"{count_text(source.number)}\u2002{where}"), "dim", wraps=True)
        self.setAccessibleName(
            self.tr("Quote {n} from {place}: {quote}").format(
                n=source.number, place=place_name(source.place), quote=quote
            )
        )
        self._layout = QVBoxLayout(self)
        for part in (text, foot):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._layout.addWidget(part)
        self.clicked.connect(self._on_click)
        theme.changed.connect(self._restyle)
        self._restyle()

    def sizeHint(self) -> QSize:
        """Give the room for both texts; a button would only ask for its own."""
        return self._layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Wrap in narrow windows."""
        return self._layout.minimumSize()

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width_px: int) -> int:
        """Give the height in px of both texts at this width."""
        return self._layout.totalHeightForWidth(width_px)

    @Slot()
    def _on_click(self) -> None:
        self.place_requested.emit(self._place)

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        self._layout.setContentsMargins(px(SIDE_PX), px(ABOVE_PX), px(SIDE_PX), px(ABOVE_PX))
        self._layout.setSpacing(px(GAP_PX))
