"""Which page of a document is shown, and how large."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.documents.text import PageUnit
from app.ui.document_words import SEPARATOR, page_name
from app.ui.quantities import count_text
from app.ui.theme import Theme
from app.ui.widgets.icon_button import IconButton, TextButton
from app.ui.widgets.labels import label
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal_of

FIELD_PX = 56
ZOOM_STEP = 1.25
LEAST_ZOOM = ZOOM_STEP**-3
MOST_ZOOM = ZOOM_STEP**7


class PageField(QLineEdit):
    """Room for a number of a few digits."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def sizeHint(self) -> QSize:
        """Narrower than a line of text."""
        return QSize(self._theme.px(FIELD_PX), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """As wide as it is."""
        return self.sizeHint()


class PageBar(WrappingRow):
    """Goes from page to page, and shows them larger or smaller.

    Signals:
        page_chosen: show this page, counted from 1.
        zoom_chosen: show it so many times as wide as there is room.
    """

    page_chosen = signal_of(int)
    zoom_chosen = signal_of(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, gap_px=4, parent=parent)
        self._page, self._n_pages, self._zoom = 1, 1, 1.0
        self._before = IconButton(theme, "chevron-left", self.tr("Previous page"))
        self._field = PageField(theme)
        self._field.setAccessibleName(self.tr("Page"))
        self._field.returnPressed.connect(self._on_entered)
        self._field.editingFinished.connect(self._show_page)
        self._of = label("", "dim")
        self._after = IconButton(theme, "chevron-right", self.tr("Next page"))
        self._smaller = IconButton(theme, "minus", self.tr("Smaller"))
        self._fit = TextButton(theme, self.tr("Fit width"), kind="quiet")
        self._larger = IconButton(theme, "plus", self.tr("Larger"))
        self._before.clicked.connect(self._on_before)
        self._after.clicked.connect(self._on_after)
        self._smaller.clicked.connect(self._on_smaller)
        self._fit.clicked.connect(self._on_fit)
        self._larger.clicked.connect(self._on_larger)
        self._pages = (self._before, self._field, self._of, self._after)
        self._sizes = (self._smaller, self._fit, self._larger)
        for widget in (*self._pages, *self._sizes):
            self.add(widget)

    @property
    def zoom(self) -> float:
        """How many times as wide as there is room pages are shown."""
        return self._zoom

    def show_page(self, page: int, n_pages: int, unit: PageUnit, label_text: str) -> None:
        """Say which page is shown, of how many, and how the document names it."""
        self._page, self._n_pages = page, max(page, n_pages)
        self._field.setValidator(QIntValidator(1, self._n_pages, self._field))
        of = self.tr("of {n}").format(n=count_text(self._n_pages))
        named = page_name(unit, page, label_text) if label_text else ""
        self._of.setText(SEPARATOR.join(part for part in (of, named) if part))
        for widget in self._pages:
            widget.setVisible(self._n_pages > 1)
        self._before.setEnabled(page > 1)
        self._after.setEnabled(page < self._n_pages)
        self._show_page()
        self._follow()

    def set_has_sizes(self, *, has_sizes: bool) -> None:
        """Offer to change the size of pictures; text has the size of all text."""
        for widget in self._sizes:
            widget.setVisible(has_sizes)
        self._follow()

    def reset_zoom(self) -> None:
        """Begin with pages as wide as there is room."""
        self._take_zoom(1.0)

    def _follow(self) -> None:
        self.arrange()
        self.updateGeometry()

    @Slot()
    def _show_page(self) -> None:
        self._field.setText(str(self._page))

    @Slot()
    def _on_entered(self) -> None:
        entered = self._field.text()
        if entered.isdecimal():
            self.page_chosen.emit(min(max(1, int(entered)), self._n_pages))

    @Slot()
    def _on_before(self) -> None:
        self.page_chosen.emit(self._page - 1)

    @Slot()
    def _on_after(self) -> None:
        self.page_chosen.emit(self._page + 1)

    @Slot()
    def _on_smaller(self) -> None:
        self._change_zoom(self._zoom / ZOOM_STEP)

    @Slot()
    def _on_larger(self) -> None:
        self._change_zoom(self._zoom * ZOOM_STEP)

    @Slot()
    def _on_fit(self) -> None:
        self._change_zoom(1.0)

    def _change_zoom(self, zoom: float) -> None:
        self._take_zoom(min(MOST_ZOOM, max(LEAST_ZOOM, zoom)))
        self.zoom_chosen.emit(self._zoom)

    def _take_zoom(self, zoom: float) -> None:
        self._zoom = zoom
        self._smaller.setEnabled(zoom > LEAST_ZOOM)
        self._larger.setEnabled(zoom < MOST_ZOOM)
