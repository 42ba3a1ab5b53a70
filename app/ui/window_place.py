"""Where the window stands and how large it is, at the first start and at later ones."""

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtWidgets import QWidget

START_SIZE = QSize(1180, 780)
SMALLEST_SIZE = QSize(720, 520)
FRAME_SIZE = QSize(4, 40)
"""What the system draws around a window takes about this much; it is known only later."""


def start_size(screen_size: QSize) -> QSize:
    """Give the size at the first start: all of the window and its frame is on the screen."""
    return START_SIZE.boundedTo(screen_size - FRAME_SIZE).expandedTo(SMALLEST_SIZE)


def place_of(window: QWidget) -> str:
    """Give size, place and whether it is maximised, as letters that can be kept."""
    return bytes(window.saveGeometry().toBase64().data()).decode()


def put_back(window: QWidget, place: str) -> None:
    """Put a window where it was; Qt sees to it that it is on a screen that is there now."""
    window.restoreGeometry(QByteArray.fromBase64(QByteArray(place.encode())))


def bring_up(window: QWidget) -> None:
    """Bring a window to the front as large as it was before."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
