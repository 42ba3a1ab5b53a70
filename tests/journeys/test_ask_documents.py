"""Questions about the user's own documents, with the real window, index, engine and viewer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.viewer.document_viewer import DocumentViewer
from tests.journeys.office import write_office
from tests.journeys.user import User

READ = "Let the model read these passages"


@pytest.fixture
def office(own_home: Path) -> Path:
    """A folder of documents."""
    return write_office(own_home / "Flat")


def drops_a_folder(user: User, office: Path) -> None:
    """Make a collection of a folder, and wait until all of it can be found."""
    user.clicks("Documents")
    user.drops(office, user.shell.window.documents_page)
    user.sees("Needs attention: 1 file")
    user.until(lambda: "Understanding" not in user.screen())


def button_with(user: User, text: str) -> QAbstractButton | None:
    """Find a button that can be seen by a part of what is read aloud of it."""
    for one in user.window.findChildren(QAbstractButton):
        if text in one.accessibleName() and one.isVisible() and one.isEnabled():
            return one
    return None


def card_with(user: User, text: str) -> Callable[[], QWidget | None]:
    """Give a function that finds a widget by a part of what is read aloud of it."""

    def find() -> QWidget | None:
        for one in user.window.findChildren(QWidget):
            if text in one.accessibleName() and one.isVisible() and one.isEnabled():
                return one
        return None

    return find


def viewer(user: User) -> DocumentViewer:
    """The viewer beside the page."""
    return user.shell.window.documents.viewer


def asks_in_quotes(user: User, question: str) -> None:
    """Ask the collection on the screen, and let the passages themselves answer."""
    user.clicks("Ask")
    user.clicks("With the model")
    user.sends(question)


def test_a_quote_opens_the_page_with_the_sentence(user: User, office: Path) -> None:
    drops_a_folder(user, office)
    asks_in_quotes(user, "How much notice must the tenant give?")
    user.sees("giving notice of two months in writing")
    user.sees("lease.pdf")
    find = card_with(user, "two months")
    user.until(find)
    card = find()
    assert card is not None
    user.presses_on(card, Qt.Key.Key_Space)
    user.sees("of 3")
    user.until(lambda: viewer(user).isVisible())


def test_what_is_not_there_is_not_answered(user: User, office: Path) -> None:
    user.waits_for_the_model()
    drops_a_folder(user, office)
    user.clicks("Ask")
    user.sends("Who won the football world cup in Brazil?")
    user.sees("I found nothing about this in your documents.")
    user.clicks("Answer from general knowledge")
    user.until(lambda: button_with(user, "Try again"))


def test_the_model_reads_what_seemed_to_be_no_answer_if_it_is_told_to(
    user: User, office: Path
) -> None:
    user.waits_for_the_model()
    drops_a_folder(user, office)
    user.clicks("Ask")
    user.sends("When will I get my money back?")
    user.sees("I found nothing about this in your documents.")
    user.sees("It is paid back within six weeks of the end of the lease.")
    user.until(lambda: user.button(READ))
    button = user.button(READ)
    assert button is not None
    user.presses_on(button, Qt.Key.Key_Space)
    user.sees("As you asked, the model was given the closest passages.")
    user.sees("words per second")
    user.sees("2 of 2")
    assert "I found nothing" not in user.screen()
    # Whatever the tiny model wrote: either it is borne out, or the passages speak for themselves.
    user.until(lambda: "lease.pdf" in user.screen())
    user.clicks("Try again")
    user.sees("3 of 3")
    user.sees("As you asked, the model was given the closest passages.")
    user.until(lambda: user.button("Try again"))
    user.clicks("Previous version")
    user.sees("2 of 3")
    user.clicks("Previous version")
    user.sees("I found nothing about this in your documents.")
    user.until(lambda: user.button(READ))


def test_a_model_answers_and_the_documents_are_beside_it(user: User, office: Path) -> None:
    user.waits_for_the_model()
    drops_a_folder(user, office)
    user.clicks("Ask")
    user.sends("How high is the deposit?")
    user.sees("words per second")
    # Whatever the tiny model wrote: either it is borne out, or the documents speak for themselves.
    user.until(lambda: "lease.pdf" in user.screen())


def test_a_collection_follows_its_folder_and_survives_a_restart(user: User, office: Path) -> None:
    drops_a_folder(user, office)
    (office / "garden.txt").write_text("The hedge is cut by Mr Finch in the second week of June.")
    user.sees("7 files")
    user.until(lambda: "Understanding" not in user.screen())
    (office / "recipe.md").unlink()
    user.sees("6 files, 7 pages")
    user.closes()

    user.starts_again()
    user.clicks("Documents")
    user.sees("Flat")
    user.until(lambda: button_with(user, "Flat"))
    user.clicks("Ask Flat") if user.button("Ask Flat") else user.clicks("Ask")
    user.clicks("With the model")
    user.sends("Who cuts the hedge?")
    user.sees("The hedge is cut by Mr Finch")


def test_a_file_dropped_on_a_chat_is_asked(user: User, office: Path) -> None:
    user.drops(office / "minutes.pdf", user.window)
    user.sees("minutes.pdf")
    user.clicks("With the model")
    user.sends("Who orders the bus?")
    user.sees("Peter Osei orders the bus by 15 November")
    user.clicks("Documents")
    user.sees("Ask your documents")


def test_every_file_is_asked_once_there_is_a_model(
    qtbot: QtBot, qapp: QApplication, starter_path: Path, own_home: Path
) -> None:
    user = User(qtbot, qapp, starter=None)
    try:
        folder = own_home / "Leases"
        folder.mkdir()
        (folder / "flat.txt").write_text("The lease of the flat ends on 31 March 2027.")
        user.clicks("Documents")
        user.drops(folder, user.shell.window.documents_page)
        user.sees("1 file, 1 page")
        user.chooses("Ask every file")
        qtbot.keyClicks(user.field("A question to every file"), "When does the lease end?")
        user.clicks("Ask all files")
        user.sees("No model is loaded")
        user.shell.window.open_paths([starter_path])
        user.clicks("Documents")
        user.sees("1 file asked")
        assert "No model is loaded" not in user.screen()
    finally:
        user.closes()
