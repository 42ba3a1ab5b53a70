"""Draws the chat room in many states to PNG files, to be looked at.

Run `QT_QPA_PLATFORM=offscreen python -m tests.ui.chat.gallery FOLDER`.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core import events
from app.core.conversation import ShownTurn, TurnState
from app.core.document_events import CollectionList
from app.core.documents.collections import CollectionState
from app.core.documents.evidence import ChatDocuments
from app.core.errors import ErrorCode, Facts, Failure
from app.core.placement import Placement, StepDown
from app.ui.chat.chat_list import ChatList
from app.ui.chat.page import ChatPage
from app.ui.theme import Appearance, Theme
from tests.ui.chat import samples
from tests.ui.chat.samples import ANSWER, SMOL, STARTER, answer, question

RAIL_PX = 248
LONG_QUESTION = "Here is the whole letter:\n" + "\n".join(
    f"{n}. The tenant shall keep the flat in good order and pay the rent in time."
    for n in range(30)
)
CODE = """\
Here is how to read a file in Python:

```python
from pathlib import Path

def first_line(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.readline()
```

| Mode | Meaning |
|------|---------|
| `r`  | read    |
| `w`  | write   |
"""


class Room(QWidget):
    """The chat room as it stands in the window."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.page = ChatPage(theme)
        self.chats = ChatList(theme)
        rail = QFrame()
        rail.setProperty("surface", "rail")
        rail.setFixedWidth(theme.px(RAIL_PX))
        inside = QVBoxLayout(rail)
        inside.addWidget(self.chats)
        page = QFrame()
        page.setProperty("surface", "page")
        around = QVBoxLayout(page)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.page)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(rail)
        layout.addWidget(page, 1)
        titles = ("Lease: notice period", "Recipe without eggs", "Letter to the school")
        older = ("Tax return checklist", "Explain my blood test and what every value means for me")
        listed = [samples.conversation(one, one, days_ago=0) for one in titles]
        listed += [samples.conversation(one, one, days_ago=5) for one in older]
        self.chats.show_chats(events.ChatList(tuple(listed)))
        self.chats.select(titles[0])
        self.page.show_library(samples.LIBRARY)
        self.page.show_engine_status(samples.engine_ready(SMOL))

    def show_turns(self, *turns: ShownTurn, remembered_from_id: str | None = None) -> None:
        of = samples.conversation(remembered_from_id=remembered_from_id)
        self.page.show_conversation(samples.shown(*turns, of=of))


QUESTION = question("q", "How much notice do I have to give to leave the flat, in writing?")


def answered(room: Room) -> None:
    room.show_turns(QUESTION, answer("a", ANSWER, siblings=("z", "a", "b")))
    room.page.focus_composer()


def greeting(room: Room) -> None:
    room.page.show_engine_status(samples.engine_ready(STARTER))
    room.page.show_new_chat()
    room.page.focus_composer()


def code_and_folded(room: Room) -> None:
    room.show_turns(question("p", LONG_QUESTION), answer("b", CODE), QUESTION, answer("a", ANSWER))


def endings(room: Room) -> None:
    room.show_turns(
        question("1", "Stopped?"),
        answer("2", "It was a dark and", TurnState.STOPPED),
        question("3", "Cut off?"),
        answer("4", "It was a dark and stormy", TurnState.CUT_OFF),
        question("5", "Interrupted?"),
        answer("6", "It was", TurnState.INTERRUPTED, error_code="engine_lost"),
        question("7", "Failed?"),
        answer("8", "", TurnState.FAILED, error_code="prompt_too_long"),
        remembered_from_id="3",
    )


def reading(room: Room) -> None:
    room.show_turns(QUESTION, answer("a", "", TurnState.WRITING))
    room.page.show_reading(events.ReadingProgress("a", 1240, 3900, 12.0))


def writing(room: Room) -> None:
    room.show_turns(QUESTION, answer("a", "", TurnState.WRITING))
    room.page.append_answer(events.AnswerDelta("a", ANSWER[:200], 40))


def no_model(room: Room) -> None:
    room.page.show_engine_status(samples.engine_ready(None))
    room.show_turns(QUESTION, answer("a", "", TurnState.WRITING))


def memory_full(room: Room) -> None:
    room.show_turns(QUESTION, answer("a", ANSWER), question("n", "And for a garage?"))
    room.page.ask_to_forget(events.MemoryFull("x", samples.CHAT_ID, 8410, 8192, 6))


def load_failed(room: Room) -> None:
    facts = Facts(SMOL.path.name, needed_bytes=8_000_000_000, available_bytes=3_100_000_000)
    failure = Failure(ErrorCode.MEMORY_TOO_SMALL, facts)
    room.show_turns(QUESTION, answer("a", ANSWER))
    room.page.show_load_failed(events.LoadFailed(SMOL.path, failure))


def stepped_down(room: Room) -> None:
    room.show_turns(QUESTION, answer("a", ANSWER))
    loaded = events.LoadedModel(
        SMOL, Placement(2048), (StepDown.SMALLER_CONTEXT,) * 2, 2_000_000_000, 1.0, "CPU"
    )
    room.page.show_loaded(loaded)


def folded_and_scrolled_up(room: Room) -> None:
    code_and_folded(room)
    settle()
    room.page._chat.transcript.verticalScrollBar().setValue(0)


def from_right_to_left(room: Room) -> None:
    room.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    answered(room)


def searching(room: Room) -> None:
    answered(room)
    room.chats._search.setText("notice")
    room.chats._request_search()
    hits = (
        events.SearchHit("1", "Lease: notice period", "Lease: \u2068notice\u2069 period"),
        events.SearchHit(
            "2", "Letter", "how to write that I give two months \u2068notice\u2069 to"
        ),
    )
    room.chats.show_results(events.SearchResults(room.chats._serial, hits))


def asking(room: Room, *turns: ShownTurn) -> None:
    ids = (samples.COLLECTION_ID, "work", "gone")
    of = samples.conversation(documents=ChatDocuments(ids))
    listed = (
        samples.collection(),
        samples.collection("work", "Work", CollectionState.READING, n_searchable=12),
    )
    room.page.show_collections(CollectionList(listed))
    room.page.show_conversation(samples.shown(QUESTION, *turns, of=of))


def cited(room: Room) -> None:
    asking(room, answer("a", samples.CITED_ANSWER, sources=samples.CITED))
    room.page.focus_composer()


def not_found(room: Room) -> None:
    asking(room, answer("a", "", sources=samples.NOT_FOUND))


def closest(room: Room) -> None:
    asking(room, answer("a", samples.CITED_ANSWER, siblings=("z", "a"), sources=samples.CLOSEST))


def denied(room: Room) -> None:
    asking(room, answer("a", samples.DENIAL, siblings=("z", "a"), sources=samples.DENIED))


def reading_closest(room: Room) -> None:
    sources = replace(samples.CLOSEST, sources=(), sentences=(), is_final=False)
    asking(room, answer("a", "", TurnState.WRITING, siblings=("z", "a"), sources=sources))
    room.page.show_reading(events.ReadingProgress("a", 1240, 3900, 12.0))


def quotes(room: Room) -> None:
    asking(room, answer("a", "> quote", sources=samples.QUOTES))


def looking_through(room: Room) -> None:
    asking(room, answer("a", "", TurnState.WRITING))


def pasted(room: Room) -> None:
    room.page.show_new_chat()
    room.page.composer_area.composer.long_text_pasted.emit("x" * 3000)


SCENES: tuple[Callable[[Room], None], ...] = (
    answered,
    greeting,
    code_and_folded,
    endings,
    reading,
    writing,
    no_model,
    memory_full,
    load_failed,
    stepped_down,
    searching,
    folded_and_scrolled_up,
    from_right_to_left,
    cited,
    not_found,
    closest,
    denied,
    reading_closest,
    quotes,
    looking_through,
    pasted,
)
SIZES = {"wide": (1280, 800), "narrow": (900, 600)}


def settle() -> None:
    """Let timers of up to a third of a second have their turn."""
    QTest.qWait(350)


def main(folder: Path, wanted: set[str]) -> None:
    application = QApplication([])
    theme = Theme()
    theme.apply(application)
    looks = {
        "light": (Appearance.LIGHT, 1.0),
        "dark": (Appearance.DARK, 1.0),
        "big": (Appearance.LIGHT, 2.0),
        "contrast": (Appearance.HIGH_CONTRAST, 1.0),
    }
    for look, (appearance, scale) in looks.items():
        theme.set_appearance(appearance)
        theme.set_scale(scale)
        for size, (width, height) in SIZES.items():
            for scene in SCENES:
                name = f"{scene.__name__}_{look}_{size}"
                if wanted and not any(word in name for word in wanted):
                    continue
                room = Room(theme)
                room.resize(width, height)
                room.show()
                scene(room)
                settle()
                room.grab().save(str(folder / f"{name}.png"))
                room.deleteLater()


if __name__ == "__main__":
    main(Path(sys.argv[1]), set(sys.argv[2:]))
