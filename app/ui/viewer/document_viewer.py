"""The page of a document that a source stands on, beside the page it was asked from."""

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.core.document_events import PageFailed, PageShown, PathRequest, PlaceRequest
from app.core.documents.evidence import DocumentPlace
from app.ui.document_words import page_name
from app.ui.theme import Theme
from app.ui.viewer.page_bar import PageBar
from app.ui.viewer.page_picture import PictureView, picture_image
from app.ui.viewer.page_text import TextView
from app.ui.viewer.trouble_view import TroubleView
from app.ui.widgets.announcement import announce
from app.ui.widgets.badge import Tone
from app.ui.widgets.icon_button import IconButton
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.labels import ElidedLabel
from app.worker.signal_types import signal, signal_of

EDGE_PX = 16
SHOWN_AFTER_MS = 300
"""What takes less is not worth a word that comes and goes."""


class DocumentViewer(QFrame):
    """Shows one page at a time, as a picture or as text, with what was found marked.

    Signals:
        page_requested: draw this page; the answer is known again by its serial.
        show_in_folder_requested: the file is to be shown where it lies.
        closed: the user wants no more of it.
    """

    page_requested = signal_of(PlaceRequest)
    show_in_folder_requested = signal_of(PathRequest)
    closed = signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._place: DocumentPlace | None = None
        self._shown: PageShown | None = None
        self._page = 1
        self._serial = 0
        self._shown_for: tuple[DocumentPlace, int] | None = None
        self._comes_from_after = False
        self.setProperty("surface", "panel")
        self.setAccessibleName(self.tr("Document"))
        self._is_built = False

    def _build_once(self) -> None:
        """Most windows never show a document, and all are to come up fast."""
        if not self._is_built:
            self._is_built = True
            self._build()
            self._lay_out()
            self._connect()
            self._theme.changed.connect(self._restyle)
            self._restyle()
            # At once: a layout would show them later, and the first page needs their sizes.
            for widget in (self._name, self._folder, self._close, self._bar, self._body):
                widget.show()

    def _build(self) -> None:
        theme = self._theme
        self._name = ElidedLabel()
        self._name.setProperty("role", "heading")
        self._folder = IconButton(theme, "folder-open", self.tr("Show in folder"))
        self._close = IconButton(theme, "x", self.tr("Close the document"), "Esc")
        self._bar = PageBar(theme)
        self._changed = IconLine(theme, "dim")
        self._picture = PictureView(theme)
        self._text = TextView(theme)
        self._trouble = TroubleView(theme)
        self._body = QStackedWidget()
        for view in (self._trouble, self._picture, self._text):
            self._body.addWidget(view)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_AFTER_MS)

    def _lay_out(self) -> None:
        self._head = QHBoxLayout()
        self._head.addWidget(self._name, 1)
        self._head.addWidget(self._folder)
        self._head.addWidget(self._close)
        self._above = QVBoxLayout()
        self._above.addLayout(self._head)
        self._above.addWidget(self._bar)
        self._above.addWidget(self._changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._above)
        layout.addWidget(self._body, 1)

    def _connect(self) -> None:
        self._folder.clicked.connect(self._show_in_folder)
        self._close.clicked.connect(self.closed)
        self._bar.page_chosen.connect(self._show_number)
        self._bar.zoom_chosen.connect(self._picture.set_zoom)
        self._picture.width_wanted.connect(self._draw_anew)
        self._picture.page_turned.connect(self._turn)
        self._text.page_turned.connect(self._turn)
        self._timer.timeout.connect(self._say_waiting)

    # --- what is to be shown ---

    @Slot(object)
    def open_place(self, place: DocumentPlace) -> None:
        """Show the page of a place, with its words marked."""
        self._build_once()
        self._place = place
        self._page = place.page
        self._name.setText(place.path.name)
        self._name.setToolTip(str(place.path))
        self._changed.say(Tone.WARN, "")
        self._bar.reset_zoom()
        self._picture.set_zoom(1.0)
        self._bar.show_page(place.page, 1, place.unit, place.label)
        self._comes_from_after = False
        self._request()

    def focus_page(self) -> None:
        """Let the keyboard go on in the page."""
        if (view := self._body.currentWidget()) is not None:
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _show_number(self, page: int) -> None:
        self._page = page
        self._comes_from_after = False
        self._request()

    @Slot(object)
    def _turn(self, n_pages: int) -> None:
        """Go on to the page after or before, if there is one."""
        n_all = self._shown.n_pages if self._shown is not None else 1
        page = self._page + n_pages
        if 1 <= page <= n_all:
            self._page = page
            self._comes_from_after = n_pages < 0
            self._request()

    @Slot()
    def _draw_anew(self) -> None:
        """The size has changed; the page stays, and stays where it is."""
        if self._shown is not None and self._shown.picture is not None:
            self._request(is_same_page=True)

    def _request(self, *, is_same_page: bool = False) -> None:
        place = self._place
        if place is None:
            return
        self._serial += 1
        if not is_same_page:
            self._shown_for = None
            self._timer.start()
        # Of what is not in front Qt does not keep the size up to date.
        if (layout := self.layout()) is not None:
            layout.activate()
        self._picture.resize(self._body.size())
        width_px = self._picture.wanted_width_px()
        self.page_requested.emit(PlaceRequest(self._serial, place, self._page, width_px))

    @Slot()
    def _say_waiting(self) -> None:
        self._trouble.show_waiting()
        self._put_up(self._trouble)

    def _put_up(self, view: QWidget) -> None:
        """Bring a view to the front; the keyboard stays in the page."""
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self._body.isAncestorOf(focused)
        self._body.setCurrentWidget(view)
        if had_focus:
            self.focus_page()

    # --- what comes ---

    @Slot(object)
    def show_page(self, shown: PageShown) -> None:
        """Show a page that was asked for; one that comes too late is dropped."""
        if shown.serial != self._serial or not self._is_built:
            return
        self._timer.stop()
        self._shown, self._page = shown, shown.page
        self._bar.show_page(shown.page, shown.n_pages, shown.unit, shown.label)
        changed = self.tr(
            "This file has changed since it was read. What is marked may be elsewhere now."
        )
        missing = self.tr("This file is not there any more. This is its text as it was read.")
        warning = changed if shown.has_changed else ""
        self._changed.say(Tone.WARN, missing if shown.is_missing else warning)
        is_same = self._shown_for == (shown.place, shown.page)
        self._shown_for = (shown.place, shown.page)
        image = picture_image(shown.picture) if shown.picture is not None else None
        name = self._spoken_name(shown)
        self._bar.set_has_sizes(has_sizes=image is not None)
        if image is None:
            self._text.show_text(shown.text, shown.marks, name)
            self._put_up(self._text)
        elif is_same:
            self._picture.show_sharper(image, shown.boxes, name)
            self._put_up(self._picture)
        else:
            self._picture.show_image(image, shown.boxes, name)
            self._put_up(self._picture)
        if not is_same:
            announce(self, name)
            self._go_to_end_if_wanted()

    def _go_to_end_if_wanted(self) -> None:
        if self._comes_from_after:
            self._comes_from_after = False
            self._picture.go_to_end()
            self._text.go_to_end()

    def _spoken_name(self, shown: PageShown) -> str:
        page = page_name(shown.unit, shown.page, shown.label)
        parts = [shown.place.path.name, page]
        marked = [shown.text[start:end] for start, end in shown.marks]
        if marked:
            parts.append(self.tr("marked: {text}").format(text=" \u2026 ".join(marked)))
        return ", ".join(part for part in parts if part)

    @Slot(object)
    def show_page_failed(self, failed: PageFailed) -> None:
        """Say why a page cannot be shown; what was quoted from it can still be read."""
        if failed.serial != self._serial or not self._is_built:
            return
        self._timer.stop()
        self._shown_for = None
        quote = failed.place.quote or (self._place.quote if self._place is not None else "")
        self._bar.set_has_sizes(has_sizes=False)
        self._trouble.show_failure(failed.failure, quote)
        self._put_up(self._trouble)

    @Slot()
    def _show_in_folder(self) -> None:
        if self._place is not None:
            self.show_in_folder_requested.emit(PathRequest(self._place.path))

    # --- keyboard and look ---

    def event(self, event: QEvent) -> bool:
        """Keep Esc for closing while the keyboard is here; else it would stop an answer."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc; turn pages from wherever the keyboard is in here."""
        turns = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif key in turns:
            self._turn(turns[key])
        else:
            super().keyPressEvent(event)

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self.setProperty("mirrored", "true" if mirrored else "false")
        self._above.setContentsMargins(px(EDGE_PX), px(EDGE_PX), px(8), px(8))
        self._above.setSpacing(px(8))
