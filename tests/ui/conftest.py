"""What every test of widgets stands on."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def deleted_at_once() -> Iterator[None]:
    """Delete the widgets of a test before the next one.

    Without an event loop they would stay, and every change of the style would dress them all.
    """
    yield
    if QApplication.instance() is not None:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
