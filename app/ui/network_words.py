"""What goes over the network in words: why, to whom, how much, and what came of it."""

from PySide6.QtCore import QCoreApplication

from app.core.hub_events import NetworkState
from app.core.network import Purpose
from app.core.translation import QT_TRANSLATE_NOOP
from app.ui.quantities import traffic_text

PURPOSE_WORDS = {
    Purpose.SEARCH: QT_TRANSLATE_NOOP("network", "Search for models"),
    Purpose.MODEL_FACTS: QT_TRANSLATE_NOOP("network", "Facts about a model"),
    Purpose.MODEL_HEADER: QT_TRANSLATE_NOOP("network", "Start of a model file"),
    Purpose.MODEL_CARD: QT_TRANSLATE_NOOP("network", "Page of a model"),
    Purpose.LICENCE: QT_TRANSLATE_NOOP("network", "Licence"),
    Purpose.DOWNLOAD: QT_TRANSLATE_NOOP("network", "Download"),
    Purpose.ACCESS_CHECK: QT_TRANSLATE_NOOP("network", "Token valid?"),
    Purpose.UPDATE_CHECK: QT_TRANSLATE_NOOP("network", "Newer version?"),
}
RESULT_WORDS = (
    (0, QT_TRANSLATE_NOOP("network", "no answer")),
    (299, QT_TRANSLATE_NOOP("network", "answered")),
    (399, QT_TRANSLATE_NOOP("network", "passed on")),
    (400, QT_TRANSLATE_NOOP("network", "not understood")),
    (403, QT_TRANSLATE_NOOP("network", "not allowed")),
    (404, QT_TRANSLATE_NOOP("network", "not found")),
    (428, QT_TRANSLATE_NOOP("network", "not possible")),
    (429, QT_TRANSLATE_NOOP("network", "asked too often")),
    (499, QT_TRANSLATE_NOOP("network", "not possible")),
    (599, QT_TRANSLATE_NOOP("network", "the server has a problem")),
)
"""Up to which HTTP status an answer is called so."""

translate = QCoreApplication.translate


def purpose_words(purpose: Purpose) -> str:
    """Say why a request was made."""
    return translate("network", PURPOSE_WORDS[purpose])


def result_words(status: int) -> str:
    """Say what a server answered; 0 means that it did not."""
    for highest, words in RESULT_WORDS:
        if status <= highest:
            text = translate("network", words)
            return f"{text} ({status})" if status >= 400 else text  # noqa: PLR2004 - failures
    return str(status)


def traffic_lines(state: NetworkState) -> str:
    """Give whether the network may be used and what went over it today, line by line."""
    sent, received = state.today.sent_bytes, state.today.received_bytes
    if state.is_offline and not received:
        text = translate("network", "Offline\n{sent} sent today")
    elif state.is_offline:
        text = translate("network", "Offline\n{sent} sent today\n{received} received")
    else:
        text = translate("network", "Online\n{sent} sent today\n{received} received")
    return text.format(sent=traffic_text(sent), received=traffic_text(received))


def traffic_sentence(state: NetworkState) -> str:
    """Give what went over the network today in one sentence."""
    sent, received = state.today.sent_bytes, state.today.received_bytes
    text = translate("network", "Today: {sent} sent, {received} received.")
    return text.format(sent=traffic_text(sent), received=traffic_text(received))
