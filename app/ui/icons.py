"""Lucide icons, tinted with the colours of the theme."""

import functools

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.ui.resources import resources_folder

_DRAWN_STROKE = 'stroke-width="2"'
STROKE = 'stroke-width="1.75"'
"""Slightly finer than drawn: closer to the weight of the text beside it."""
SCALES = (1.0, 2.0)
"""Ordinary and fine screens; Qt scales for those between."""


@functools.cache
def _source(name: str) -> str:
    return resources_folder().joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")


@functools.lru_cache(maxsize=512)
def pixmap(name: str, color: str, size_px: int, scale: float = 1.0) -> QPixmap:
    """Draw an icon.

    Args:
        name: of the file in `resources/icons`, without its ending.
        color: `#rrggbb`, put where the drawing says `currentColor`.
        size_px: width and height in px of the interface.
        scale: pixels of the screen per px of the interface.
    """
    drawing = _source(name).replace("currentColor", color).replace(_DRAWN_STROKE, STROKE)
    side = round(size_px * scale)
    image = QImage(QSize(side, side), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    drawn = QPixmap.fromImage(image)
    drawn.setDevicePixelRatio(scale)
    return drawn


def icon(name: str, color: str, size_px: int = 18) -> QIcon:
    """Give an icon for a button, sharp on ordinary and fine screens."""
    made = QIcon()
    for scale in SCALES:
        made.addPixmap(pixmap(name, color, size_px, scale))
    return made


def application_icon() -> QIcon:
    """Give the icon of the application."""
    made = QIcon()
    for size_px in (16, 32, 48, 64, 128, 256):
        made.addPixmap(pixmap("quillhouse", "", size_px))
    return made
