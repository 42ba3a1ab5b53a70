"""The Documents page, driven by what the user sees: collections, and their files."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QHeaderView,
    QPlainTextEdit,
    QProgressBar,
    QRadioButton,
    QTabBar,
)
from pytestqt.qtbot import QtBot

from app.core.document_events import (
    CollectionChangeRequest,
    CollectionList,
    CollectionRequest,
    EmbeddingModels,
    FileRequest,
    IndexFailed,
    NewCollectionRequest,
    PathRequest,
)
from app.core.documents.collections import CollectionHealth, CollectionSummary, FileState
from app.core.documents.embedding_model import BUILT_IN_KEY, NotForSearch
from app.core.documents.embedding_profiles import LIGHT_MULTILINGUAL_ID
from app.core.errors import ErrorCode, Facts, Failure
from app.core.hub_events import CandidateRequest
from app.ui.documents.collection_card import CollectionCard
from app.ui.documents.ignored_dialog import IgnoredDialog
from app.ui.documents.model_dialog import ModelDialog
from app.ui.documents.page import DocumentsPage
from app.ui.theme import Theme
from app.ui.widgets.drop_sign import DropSign
from tests.ui.documents import gallery, samples
from tests.ui.documents.seen import (
    LEFT,
    button,
    choose_in_menu,
    field,
    names,
    rows,
    table,
    texts,
    visible,
)

FRAME_S = 0.05


def show(page: DocumentsPage, *summaries: CollectionSummary) -> None:
    page.show_collections(CollectionList(summaries))
    QApplication.processEvents()


def show_files(page: DocumentsPage, *files: object) -> None:
    page.show_health(CollectionHealth("flat", tuple(files)))  # type: ignore[arg-type]


# --- nothing yet ---


def test_an_empty_page_says_what_to_do_and_that_files_stay(
    page: DocumentsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "They stay where they are; only an index is made on this computer." in texts(page)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/home/ada/Flat")
    with qtbot.waitSignal(page.create_requested) as asked:
        qtbot.mouseClick(button(page, "Choose a folder…"), LEFT)
    (request,) = asked.args or []
    assert isinstance(request, NewCollectionRequest)
    assert (request.name, request.sources) == ("Flat", (Path("/home/ada/Flat"),))
    assert not request.is_attachment


def test_who_chooses_nothing_makes_nothing(
    page: DocumentsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    with qtbot.assertNotEmitted(page.create_requested):
        button(page, "Choose files…").click()


def test_a_new_collection_is_opened_once_it_is_there(page: DocumentsPage, qtbot: QtBot) -> None:
    show(page, samples.READING)
    with qtbot.waitSignal(page.create_requested) as asked:
        page.add_paths([Path("/d/a.pdf"), Path("/d/b.pdf"), Path("/d/a.pdf")])
    (request,) = asked.args or []
    assert (request.name, len(request.sources)) == ("d", 2)
    made = samples.summary(key=request.collection_id, name="d")
    with qtbot.waitSignal(page.health_requested) as watched:
        show(page, samples.READING, made)
    assert watched.args == [CollectionRequest(request.collection_id)]
    assert "All documents" in names(page)


def test_the_page_costs_nothing_before_it_is_looked_at(qtbot: QtBot, theme: Theme) -> None:
    spent = []
    for _ in range(5):
        begin = time.process_time()
        unused = DocumentsPage(theme)
        spent.append(time.process_time() - begin)
        qtbot.addWidget(unused)
    assert min(spent) < 0.005
    page = DocumentsPage(theme)
    qtbot.addWidget(page)
    page.show_collections(CollectionList((samples.READY,)))
    assert not page.findChildren(QAbstractButton)
    for _ in page.warm_up():
        pass
    assert "Flat" in texts(page)


# --- dropping ---


def mime(*paths: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return data


def drag(page: DocumentsPage, data: QMimeData) -> bool:
    event = QDragEnterEvent(
        QPoint(9, 9), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier
    )
    event.setAccepted(False)
    QApplication.sendEvent(page, event)
    return event.isAccepted()


def drop(page: DocumentsPage, data: QMimeData) -> None:
    event = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(page, event)


def test_what_is_dropped_becomes_a_collection_and_a_sign_says_so(
    page: DocumentsPage, qtbot: QtBot
) -> None:
    data = mime("/home/ada/Flat", "/home/ada/x.gguf")
    with qtbot.waitSignal(page.reading_expected):
        assert drag(page, data)
    (sign,) = visible(page, DropSign)
    assert sign.text == "Drop to make a collection. The files stay where they are."
    with qtbot.waitSignal(page.create_requested) as asked:
        drop(page, data)
    assert [one.sources for one in asked.args or []] == [(Path("/home/ada/Flat"),)]
    assert not visible(page, DropSign)


def test_what_is_dropped_on_a_collection_is_added_to_it(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.opened(page)
    data = mime("/home/ada/Downloads/lease.pdf", "/mnt/new.docx", str(samples.FOLDER / "in.txt"))
    drag(page, data)
    assert visible(page, DropSign)[0].text == "Drop to add to “Flat”"
    with qtbot.waitSignal(page.change_requested) as asked:
        drop(page, data)
    known = samples.READY.collection.sources
    assert asked.args == [CollectionChangeRequest("flat", sources=(*known, Path("/mnt/new.docx")))]


def test_a_model_file_is_left_to_the_window(page: DocumentsPage) -> None:
    assert not drag(page, mime("/home/ada/model.gguf"))
    assert not visible(page, DropSign)


# --- all collections ---


def test_cards_say_how_much_and_how_far(page: DocumentsPage) -> None:
    gallery.collections(page)
    shown = texts(page).replace("3120", "3,120")
    assert "214 files, 3,120 pages · English, German" in shown
    for words in (
        "Ready",
        "Reading 120 of 214",
        "Understanding 34 %",
        "Paused",
        "Disk not connected",
        "Needs attention: 3 files",
        "12 pages per second · about 2 minutes left · Bescheid 2024-03.pdf",
        "Already searchable by words · 31 passages per second · about 3 minutes left",
    ):
        assert words in shown, words
    bars = [one.value() for one in visible(page, QProgressBar)]
    assert bars == [561, 340]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("chat", "waits while an answer is written"),
        ("battery", "slowly, to spare the battery"),
    ],
)
def test_what_goes_slowly_says_why(page: DocumentsPage, reason: str, words: str) -> None:
    show(page, samples.UNDERSTANDING)
    page.show_progress(replace(samples.EMBEDDING_PROGRESS, waits_for=reason))
    assert words in texts(page)


def test_old_news_of_a_stage_are_not_shown_of_the_next(page: DocumentsPage) -> None:
    show(page, samples.READING)
    page.show_progress(samples.READING_PROGRESS)
    show(page, replace(samples.READY, collection=samples.READING.collection))
    assert "pages per second" not in texts(page)
    assert not visible(page, QProgressBar)


def test_attachments_of_chats_are_not_listed(page: DocumentsPage) -> None:
    attached = replace(samples.READY.collection, is_attachment=True)
    show(page, replace(samples.READY, collection=attached))
    assert "Ask your documents" in texts(page)


def test_a_card_asks_and_opens(page: DocumentsPage, qtbot: QtBot) -> None:
    show(page, samples.READY, samples.PAUSED)
    with qtbot.waitSignal(page.ask_requested) as asked:
        button(page, "Ask Tax 2025").click()
    assert asked.args == [CollectionRequest("tax")]
    button(page, "Open Tax 2025").setFocus()
    with qtbot.waitSignal(page.health_requested):
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Space)
    assert page.focusWidget() is button(page, "All documents")
    with qtbot.waitSignal(page.health_requested) as asked:
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Space)
    assert asked.args == [CollectionRequest("")]
    assert page.focusWidget() is button(page, "Open Tax 2025")


# --- one collection ---


def test_files_are_told_of_only_while_somebody_looks(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.opened(page)
    with qtbot.waitSignal(page.health_requested) as asked:
        page.hide()
    assert asked.args == [CollectionRequest("")]
    with qtbot.waitSignal(page.health_requested) as asked:
        page.show()
    assert asked.args == [CollectionRequest("flat")]


def test_a_collection_is_renamed_where_its_name_stands(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.opened(page)
    button(page, "Rename").click()
    name = field(page, "Name of the collection")
    qtbot.keyClicks(name, "House")
    with qtbot.assertNotEmitted(page.change_requested):
        qtbot.keyClick(name, Qt.Key.Key_Escape)
    button(page, "Rename").click()
    qtbot.keyClicks(name, "  Old   house ")
    with qtbot.waitSignal(page.change_requested) as asked:
        qtbot.keyClick(name, Qt.Key.Key_Return)
    assert asked.args == [CollectionChangeRequest("flat", name="Old house")]
    assert page.focusWidget() is button(page, "Rename")


def test_reading_is_paused_and_goes_on(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.opened(page)
    assert "Pause" not in names(page), "there is nothing to pause"
    gallery.reading(page)
    with qtbot.waitSignal(page.change_requested) as asked:
        button(page, "Pause").click()
    assert asked.args == [CollectionChangeRequest("letters", is_paused=True)]
    gallery.opened(page, samples.PAUSED)
    with qtbot.waitSignal(page.change_requested) as asked:
        button(page, "Resume").click()
    assert asked.args == [CollectionChangeRequest("tax", is_paused=False)]


def test_the_menu_looks_again_and_removes(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.opened(page)
    with qtbot.waitSignal(page.rescan_requested) as asked:
        choose_in_menu(page, "Look for changes now")
    assert asked.args == [CollectionRequest("flat")]
    with qtbot.waitSignal(page.delete_requested) as asked:
        choose_in_menu(page, "Remove (your files stay)")
    assert asked.args == [CollectionRequest("flat")]
    assert "New collection" in names(page)


def test_a_collection_that_is_gone_is_shown_no_more(page: DocumentsPage) -> None:
    gallery.opened(page)
    show(page, samples.READING)
    assert "New collection" in names(page)
    show(page)
    assert "Ask your documents" in texts(page)


def test_folders_come_and_go(
    page: DocumentsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery.opened(page)
    with qtbot.waitSignal(page.change_requested) as asked:
        button(page, "Leave out lease.pdf").click()
    assert asked.args == [CollectionChangeRequest("flat", sources=(samples.FOLDER,))]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/mnt/more")
    with qtbot.waitSignal(page.change_requested) as asked:
        adding = button(page, "Add folders or files")
        choose_in_menu(adding, "Choose a folder…")
    known = samples.READY.collection.sources
    assert asked.args == [CollectionChangeRequest("flat", sources=(*known, Path("/mnt/more")))]


def test_of_many_sources_only_some_are_shown_at_first(page: DocumentsPage) -> None:
    paths = tuple(Path(f"/d/file {n}.pdf") for n in range(60))
    many = replace(samples.READY.collection, sources=paths)
    gallery.opened(page, replace(samples.READY, collection=many))
    assert "Leave out file 59.pdf" not in names(page)
    button(page, "and 52 more").click()
    assert "Leave out file 59.pdf" in names(page)


def test_a_model_that_does_not_know_the_language_is_told_of(
    page: DocumentsPage, qtbot: QtBot
) -> None:
    gallery.german(page)
    assert "The built-in search model knows English." in texts(page)
    assert "These documents are mostly in German" in texts(page)
    with qtbot.waitSignal(page.change_requested) as asked:
        button(page, "Use “BGE M3”").click()
    assert asked.args == [CollectionChangeRequest("flat", embedding_key="m3")]
    gallery.opened(page)
    assert "mostly in German" not in texts(page), "the model knows it, or it is English"
    gallery.german(page)
    with qtbot.waitSignal(page.change_requested) as asked:
        button(page, "Close this message").click()
    assert asked.args == [CollectionChangeRequest("flat", declined_language="de")]
    assert "mostly in German" not in texts(page), "it was closed"
    declined = replace(samples.GERMAN.collection, declined_language="de")
    show(page, replace(samples.GERMAN, collection=declined))
    assert "mostly in German" not in texts(page), "it was closed before the last start"
    show(page, replace(samples.GERMAN, collection=declined, unknown_language="zh"))
    assert "mostly in Chinese" in texts(page), "that is another language"


def test_a_model_to_download_is_offered_and_used_once_it_is_here(
    page: DocumentsPage, qtbot: QtBot
) -> None:
    gallery.german(page)
    page.show_embedding_models(EmbeddingModels((samples.BUILT_IN,)))
    with qtbot.waitSignal(page.model_page_requested) as wanted:
        button(page, "Use a model for many languages, 124 MB").click()
    assert wanted.args == [CandidateRequest(LIGHT_MULTILINGUAL_ID)]
    # Another collection is looked at meanwhile.
    button(page, "All documents").click()
    with qtbot.waitSignal(page.change_requested) as asked:
        page.show_embedding_models(EmbeddingModels((samples.BUILT_IN, samples.MANY)))
    assert asked.args == [CollectionChangeRequest("flat", embedding_key="m3")]
    with qtbot.assertNotEmitted(page.change_requested):
        page.show_embedding_models(EmbeddingModels((samples.BUILT_IN,)))
        page.show_embedding_models(EmbeddingModels((samples.BUILT_IN, samples.MANY)))


def test_a_model_that_was_declined_is_not_used_when_it_comes(
    page: DocumentsPage, qtbot: QtBot
) -> None:
    gallery.german(page)
    page.show_embedding_models(EmbeddingModels((samples.BUILT_IN,)))
    button(page, "Use a model for many languages, 124 MB").click()
    show(page, samples.GERMAN)
    button(page, "Close this message").click()
    with qtbot.assertNotEmitted(page.change_requested):
        page.show_embedding_models(EmbeddingModels((samples.BUILT_IN, samples.MANY)))


@pytest.mark.parametrize(
    ("reason", "words"),
    [(NotForSearch.WRITES, "it writes texts"), (NotForSearch.RERANKER, "it compares two texts")],
)
def test_a_model_of_another_kind_is_told_in_words_and_another_one_offered(
    page: DocumentsPage, reason: NotForSearch, words: str
) -> None:
    failure = Failure(ErrorCode.EMBEDDING_MODEL_UNUSABLE, Facts("chat.gguf", reason=reason))
    gallery.opened(page, replace(samples.READY, failure=failure))
    assert "chat.gguf cannot be used to search by meaning" in texts(page)
    assert f"({words} and does not search)" in texts(page)
    button(page, "Choose another model").click()
    assert page.findChildren(ModelDialog)


def test_a_model_that_is_gone_is_told_and_replaced_with_two_clicks(
    page: DocumentsPage, qtbot: QtBot
) -> None:
    collection = replace(samples.READY.collection, embedding_key="e5-small-130000")
    failure = Failure(ErrorCode.EMBEDDING_MODEL_MISSING, Facts("e5-small"))
    gallery.opened(page, replace(samples.READY, collection=collection, failure=failure))
    assert "e5-small, with which this collection is searched by meaning, is not" in texts(page)
    assert "Words are still found" in texts(page)
    button(page, "Choose another model").click()
    (dialog,) = page.findChildren(ModelDialog)
    with qtbot.waitSignal(page.change_requested) as asked:
        button(dialog, "Use this one").click()
    assert asked.args == [CollectionChangeRequest("flat", embedding_key=BUILT_IN_KEY)]


def test_the_offer_is_reached_with_the_keyboard(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.german(page)
    page.view.collection.head.back.setFocus()
    offer = button(page, "Use “BGE M3”")
    for _ in range(20):
        if QApplication.focusWidget() is offer:
            break
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is offer
    with qtbot.waitSignal(page.change_requested):
        qtbot.keyClick(offer, Qt.Key.Key_Space)


def test_another_search_model_is_chosen_in_plain_words(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.opened(page)
    choose_in_menu(page, "Search model…")
    (dialog,) = page.findChildren(ModelDialog)
    cards = dialog.findChildren(QRadioButton)
    assert [one.accessibleName() for one in cards] == [
        "English, built in. Comes with Quillhouse. Knows English only.",
        "BGE M3. Knows about a hundred languages.",
    ]
    assert cards[0].isChecked()
    cards[1].click()
    with qtbot.waitSignal(page.change_requested) as asked:
        button(dialog, "Use this one").click()
    assert asked.args == [CollectionChangeRequest("flat", embedding_key="m3")]


def test_what_is_left_out_is_typed_line_by_line(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.opened(page)
    choose_in_menu(page, "What to leave out…")
    (dialog,) = page.findChildren(IgnoredDialog)
    dialog.findChildren(QPlainTextEdit)[0].setPlainText("drafts/\n\n  *.bak ")
    with qtbot.waitSignal(page.change_requested) as asked:
        button(dialog, "Save").click()
    assert asked.args == [CollectionChangeRequest("flat", ignored=("drafts/", "*.bak"))]


def test_a_failure_is_told_above_whatever_is_shown(page: DocumentsPage, qtbot: QtBot) -> None:
    page.show_failed(IndexFailed(Failure(ErrorCode.READER_UNUSABLE, Facts())))
    assert "Documents cannot be read" in texts(page)
    missing = Failure(ErrorCode.EMBEDDING_MODEL_MISSING, Facts("bge.gguf"))
    gallery.opened(page, replace(samples.READY, failure=missing))
    assert "The search model is gone" in texts(page)
    button(page, "Choose another model").click()
    assert page.findChildren(ModelDialog)


# --- files ---


def test_every_file_says_how_far_it_is(page: DocumentsPage) -> None:
    gallery.opened(page)
    states = {row[0]: row[1] for row in rows(page)}
    assert states == {
        "lease.pdf": "Ready",
        "minutes of the owners 2024.pdf": "4 of 12 pages have no text",
        "scan0001.pdf": "A scan, and no text recognition",
        "bank statement.pdf": "This file needs a password",
        "budget.xlsx": "This file may not be opened",
        "letter to the landlord.docx": "Waiting to be read",
        "house rules.odt": "Found by its words so far",
    }
    lease = next(row for row in rows(page) if row[0] == "lease.pdf")
    assert lease[2:6] == ["12", "", "41", "English"]
    assert "2026" in lease[6]


def test_filters_and_search_show_some_of_them(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.opened(page)
    button(page, "Needs attention 4").click()
    assert len(rows(page)) == 4
    button(page, "Without text 2").click()
    assert [row[0] for row in rows(page)] == ["minutes of the owners 2024.pdf", "scan0001.pdf"]
    button(page, "Not read yet 1").click()
    assert [row[0] for row in rows(page)] == ["letter to the landlord.docx"]
    button(page, "All 7").click()
    search = field(page, "Find a file")
    qtbot.keyClicks(search, "LEASE")
    assert [row[0] for row in rows(page)] == ["lease.pdf"]
    qtbot.keyClick(search, Qt.Key.Key_Down)
    assert page.focusWidget() is table(page)
    assert "All of it can be found." in texts(page)
    qtbot.keyClicks(search, "zzz")
    assert "No file is like that." in texts(page)


def test_files_of_one_name_are_told_apart_by_their_folders(
    page: DocumentsPage, qtbot: QtBot
) -> None:
    def shown() -> list[str]:
        return [row[0] for row in rows(page)]

    gallery.opened(page)
    first, second = (
        replace(samples.FILES[0], file_id=n, path=Path("/home/ada", folder, "claim.docx"))
        for n, folder in ((901, "Becker"), (902, "Holloway"))
    )
    page.show_health(CollectionHealth("flat", (first,)))
    qtbot.waitUntil(lambda: shown() == ["claim.docx"])
    page.show_health(CollectionHealth("flat", (first, second)))
    qtbot.waitUntil(lambda: shown() == ["claim.docx · Becker", "claim.docx · Holloway"])


def test_a_file_that_was_read_opens_with_mouse_and_keyboard(
    page: DocumentsPage, qtbot: QtBot
) -> None:
    gallery.opened(page)
    read = replace(samples.FILES[0], file_id=901, sha256="ab" * 32)
    unread = replace(samples.FILES[0], file_id=902, path=Path("/home/ada/z.pdf"), sha256="")
    show_files(page, read, unread)
    qtbot.waitUntil(lambda: len(rows(page)) == 2)
    table(page).selectRow(0)
    with qtbot.waitSignal(page.place_requested) as asked:
        button(page, "Open").click()
    (place,) = asked.args or []
    assert (place.path, place.sha256, place.page) == (read.path, read.sha256, 1)
    with qtbot.waitSignal(page.place_requested):
        qtbot.keyClick(table(page), Qt.Key.Key_Return)
    table(page).selectRow(1)
    assert "Open" not in names(page), "there is nothing to show"
    with qtbot.assertNotEmitted(page.place_requested):
        qtbot.keyClick(table(page), Qt.Key.Key_Return)


def test_a_click_on_a_tab_lets_the_user_type_there(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.opened(page)
    page.setFocus()  # Not in the collection, as after a click on a card.
    bar = visible(page, QTabBar)[0]
    qtbot.mouseClick(bar, LEFT, pos=bar.tabRect(1).center())
    assert field(page, "A question to try").hasFocus()
    qtbot.mouseClick(bar, LEFT, pos=bar.tabRect(2).center())
    assert field(page, "A question to every file").hasFocus()
    bar.setFocus()
    qtbot.keyClick(bar, Qt.Key.Key_Left)
    assert bar.hasFocus(), "the arrow keys go on through the tabs"


def test_who_opens_a_collection_sees_what_is_there_now(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.collections(page)
    with qtbot.waitSignal(page.rescan_requested) as asked:
        button(page, "Open Tax 2025").click()
    assert asked.args == [CollectionRequest("tax")]


def test_a_click_on_a_card_opens_it(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.collections(page)
    card = next(one for one in visible(page, CollectionCard) if "Tax 2025" in texts(one))
    qtbot.mouseClick(card, LEFT, pos=QPoint(4, card.height() - 4))
    assert "All documents" in names(page)
    assert "Tax 2025" in texts(page)


def test_a_click_on_a_title_sorts(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.opened(page)
    assert [row[0] for row in rows(page)][:2] == ["bank statement.pdf", "budget.xlsx"]
    header = table(page).horizontalHeader()
    assert isinstance(header, QHeaderView)
    place = QPoint(header.sectionViewportPosition(0) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), LEFT, pos=place)
    assert rows(page)[0][0] == "scan0001.pdf"


def test_a_file_tells_in_whole_sentences_what_can_be_done(
    page: DocumentsPage, qtbot: QtBot
) -> None:
    gallery.scan_help(page)
    assert "Reading them needs the free program Tesseract" in texts(page)
    assert "start Quillhouse again" in texts(page)
    gallery.chosen_file(page, 1)
    assert "this computer does not let Quillhouse read it" in texts(page)
    with qtbot.waitSignal(page.retry_requested) as asked:
        button(page, "Try again").click()
    assert asked.args == [FileRequest("flat", samples.HELD.file_id)]
    with qtbot.waitSignal(page.show_in_folder_requested) as asked:
        button(page, "Show in folder").click()
    assert asked.args == [PathRequest(samples.HELD.path)]
    gallery.chosen_file(page, 5)
    assert "nothing on them is found: 3, 7 to 9." in texts(page)


def test_the_chosen_file_stays_chosen_while_others_come(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.chosen_file(page)
    assert "bank statement.pdf is locked with a password" in texts(page)
    earlier = [samples.file(100 + n, f"a{n}.pdf") for n in range(30)]
    show_files(page, *earlier, *samples.FILES)
    qtbot.waitUntil(lambda: len(rows(page)) == 37)
    row = table(page).currentIndex().row()
    assert rows(page)[row][0] == "bank statement.pdf"
    read = replace(samples.LOCKED, state=FileState.READY, failure=None)
    show_files(page, read)
    qtbot.waitUntil(lambda: "All of it can be found." in texts(page))


def test_the_chosen_file_is_chosen_again_after_nothing_was_found(
    page: DocumentsPage, qtbot: QtBot
) -> None:
    gallery.chosen_file(page)
    search = field(page, "Find a file")
    qtbot.keyClicks(search, "zzz")
    assert "No file is like that." in texts(page)
    search.clear()
    row = table(page).currentIndex().row()
    assert row >= 0
    assert rows(page)[row][0] == "bank statement.pdf"


def test_the_files_of_another_collection_are_not_mixed_in(page: DocumentsPage) -> None:
    gallery.opened(page)
    page.show_health(CollectionHealth("other", (samples.file(9, "foreign.pdf"),)))
    assert not any(row[0] == "foreign.pdf" for row in rows(page))


def test_ten_thousand_files_stay_smooth(page: DocumentsPage, qtbot: QtBot) -> None:
    many = [samples.file(n, f"report {n:05}.pdf") for n in range(10_000)]
    gallery.opened(page)
    show_files(page, *many)
    qtbot.waitUntil(lambda: table(page).model().rowCount() == 10_000)
    widgets = len(page.findChildren(QAbstractButton))
    many[5000] = replace(many[5000], n_pages=13)
    begin = time.process_time()
    show_files(page, *many)
    qtbot.waitUntil(lambda: table(page).model().index(5000, 2).data() == "13")
    changed_s = time.process_time() - begin
    begin = time.process_time()
    table(page).sortByColumn(2, Qt.SortOrder.DescendingOrder)
    table(page).grab()
    sorted_s = time.process_time() - begin
    assert rows_of_first(page) == "report 05000.pdf"
    assert len(page.findChildren(QAbstractButton)) <= widgets, "no widget for each row"
    assert changed_s < 0.5
    assert sorted_s < 0.5


def rows_of_first(page: DocumentsPage) -> str:
    return str(table(page).model().index(0, 0).data())


def test_the_keyboard_reaches_everything(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.chosen_file(page, 1)
    button(page, "All documents").setFocus()
    reached = {page.focusWidget()}
    for _ in range(40):
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        reached.add(page.focusWidget())
    for name in ("Rename", "Ask", "More", "Leave out Flat", "Try again", "Show in folder"):
        assert button(page, name) in reached, name
    assert table(page) in reached
    assert field(page, "Find a file") in reached
