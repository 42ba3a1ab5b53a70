"""What has to be said at the top of a model's page: failures, questions, what is not known."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.core.candidate import Gate
from app.core.errors import ErrorCode, Failure
from app.core.translation import QT_TRANSLATE_NOOP
from app.ui.catalogue.get_bar import Access
from app.ui.catalogue.notice_card import Choices
from app.ui.catalogue.offering import Offering
from app.ui.message import Action
from app.ui.messages import action_words, message_for
from app.ui.widgets.badge import Tone

translate = QCoreApplication.translate

READ_KEY = "read"
"""Of the button that reads what the Hub says."""
ABOUT_ACCESS = frozenset(
    {ErrorCode.ACCESS_NEEDED, ErrorCode.ACCESS_REFUSED, ErrorCode.TOKEN_REFUSED}
)
GATE_WORDS = {
    Gate.AUTOMATIC: QT_TRANSLATE_NOOP(
        "page_notice",
        "Open its page, sign in with a free account and accept the terms: you are let in at"
        " once. Then make an access token of the kind “read” there and enter it here.",
    ),
    Gate.MANUAL: QT_TRANSLATE_NOOP(
        "page_notice",
        "Open its page, sign in with a free account and send the request: the publisher answers"
        " each one, which can take days. Then make an access token of the kind “read” there and"
        " enter it here.",
    ),
}


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of asking the Hub about one model.

    Attributes:
        is_reading: it is being asked now.
        is_read: it has answered.
        failure: why it could not be asked.
        unfit: why this engine cannot run the model.
        card: what its makers say; None until it is read.
        is_card_reading: that is being read now.
    """

    is_reading: bool = False
    is_read: bool = False
    failure: Failure | None = None
    unfit: Failure | None = None
    card: str | None = None
    is_card_reading: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """One message with its buttons."""

    tone: Tone
    title: str
    text: str
    choices: Choices = ()


def notice_of(offering: Offering, facts: PageFacts, access: Access) -> Notice | None:
    """Choose what matters most; None if all is well."""
    if offering.installed is not None or offering.download is not None:
        return None
    if facts.unfit is not None or facts.failure is not None:
        return _trouble(facts)
    if offering.is_gated and not access.has_token:
        title = translate("page_notice", "The publisher wants to be asked")
        text = translate("page_notice", GATE_WORDS[offering.candidate.gate])
        return Notice(Tone.NEUTRAL, title, text, _access_choices())
    if facts.is_reading:
        title = translate("page_notice", "Looking up its details…")
        return Notice(Tone.NEUTRAL, title, "")
    if not facts.is_read and (offering.candidate.unverified or offering.version is None):
        title = translate("page_notice", "Not looked up on the internet yet")
        text = translate(
            "page_notice",
            "Sizes, files and licence are as our list has them. They are checked before a download"
            " in any case.",
        )
        words = translate("page_notice", "Look up the details")
        return Notice(Tone.NEUTRAL, title, text, ((READ_KEY, words),))
    return None


def _trouble(facts: PageFacts) -> Notice | None:
    if facts.unfit is not None:
        message = message_for(facts.unfit)
        return Notice(Tone.WARN, message.title, message.what_happened)
    return _failure(facts.failure) if facts.failure is not None else None


def _failure(failure: Failure) -> Notice:
    message = message_for(failure)
    text = f"{message.what_happened} {message.what_to_do}"
    choices: Choices = ()
    if failure.code in ABOUT_ACCESS:
        choices = _access_choices()
    elif message.action is not None:
        choices = ((message.action.value, action_words(message.action)),)
    return Notice(Tone.BAD, message.title, text, choices)


def _access_choices() -> Choices:
    wanted = (Action.OPEN_MODEL_PAGE, Action.ENTER_TOKEN, Action.TRY_AGAIN)
    return tuple((one.value, action_words(one)) for one in wanted)
