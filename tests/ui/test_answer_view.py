"""One answer on screen: streaming, safety, selection, colours, height."""

import gc
import itertools
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import (
    QDesktopServices,
    QFontMetricsF,
    QGuiApplication,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.theme import Appearance, Theme
from app.ui.widgets.answer_view import AnswerView, LinkActivated
from app.ui.widgets.code_block import CodeBlock
from app.ui.widgets.markdown_view import MarkdownView, warm_up
from app.ui.widgets.prose_view import ProseView
from app.ui.widgets.safe_text_browser import SafeTextBrowser
from app.ui.widgets.section_column import Section
from app.ui.widgets.table_view import TableView
from app.ui.widgets.thinking_section import ThinkingSection
from tests.ui.leaf_text import plain_leaf

SectionT = TypeVar("SectionT", ProseView, CodeBlock, TableView)

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = """# Notice

Two **months**, see [the guide](https://a.example/guide) and `code` 😀.

- one
- two

```python
def f(x):
    return x
```

| a | b |
|---|--:|
| 1 | **2** |

> quoted

The *end*.
"""


pytestmark = pytest.mark.qt_log_ignore(
    'Mouse event "Mouse(Release|Move)" not accepted', extend=True
)


@pytest.fixture(scope="module", autouse=True)
def loaded_parsers() -> None:
    list(warm_up())


@pytest.fixture
def theme(qapp: QObject) -> Theme:
    theme = Theme()
    theme.set_appearance(Appearance.LIGHT)
    return theme


@pytest.fixture
def area(qtbot: QtBot) -> QScrollArea:
    """A page of answers, as the chat has it."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(page)
    area.resize(700, 500)
    qtbot.addWidget(area)
    area.show()
    qtbot.waitExposed(area)
    return area


@pytest.fixture
def view(theme: Theme, area: QScrollArea) -> AnswerView:
    view = AnswerView(theme)
    page = area.widget()
    layout = page.layout() if page else None
    assert isinstance(layout, QVBoxLayout)
    layout.addWidget(view)
    layout.addStretch(1)
    return view


def column(view: AnswerView) -> MarkdownView:
    return view._answer


def sections(view: AnswerView) -> list[Section]:
    return column(view).sections


def text_of(section: Section) -> SafeTextBrowser:
    return section.text if isinstance(section, CodeBlock) else section


def texts(view: AnswerView) -> list[tuple[str, str]]:
    return [(type(s).__name__, text_of(s).toPlainText()) for s in sections(view)]


def thinking(view: AnswerView) -> ThinkingSection:
    section = view._thinking
    assert section is not None
    return section


def set_whole(view: AnswerView, text: str) -> None:
    """Set a text and wait for all of it: it is shown a few hundredths of a second at a time."""
    view.set_text(text)
    while not column(view).is_complete():
        QApplication.processEvents()


def stream(view: AnswerView, text: str, step: int = 5) -> None:
    for start in range(0, len(text), step):
        view.append_text(text[start : start + step])
    view.finish()


def first(view: AnswerView, kind: type[SectionT]) -> SectionT:
    return next(section for section in sections(view) if isinstance(section, kind))


# Streaming


def test_an_answer_is_prose_code_and_table_in_order(view: AnswerView) -> None:
    set_whole(view, SAMPLE)
    assert [kind for kind, _ in texts(view)] == [
        "ProseView",
        "CodeBlock",
        "TableView",
        "ProseView",
    ]
    assert texts(view)[1][1] == "def f(x):\n    return x"
    assert texts(view)[0][1].startswith("Notice\nTwo months, see the guide and code 😀.\n•")


def test_a_streamed_answer_looks_like_one_set_at_once(
    view: AnswerView, theme: Theme, qtbot: QtBot
) -> None:
    whole = AnswerView(theme)
    qtbot.addWidget(whole)
    set_whole(whole, SAMPLE)
    for step in (1, 3, 17):
        view.set_text("")
        stream(view, SAMPLE, step)
        assert [text_of(s).toHtml() for s in sections(view)] == [
            text_of(s).toHtml() for s in sections(whole)
        ]
        assert column(view).leaves == column(whole).leaves


ATOMS = [
    *(
        "word ",
        "**bold** ",
        "*",
        "`code` ",
        "[x](https://a.example) ",
        "[a]",
        "[a]: https://b.c\n",
    ),
    *("\n", "\n\n", "  ", "    ", "- ", "1. ", "> ", "# ", "---\n", "```", "```py\n", "~~~\n"),
    *("|", "| a | b |\n", "|---|:-:|\n", "| 1 | 2 |\n", "مرحبا ", "😀", "x = 1\n", "\t", "<b>"),
    *("<think>", "</think>", "\u202e", "\u200d"),
]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.lists(st.sampled_from(ATOMS), max_size=40).map("".join),
    cuts=st.lists(st.integers(0, 1_000), max_size=20),
)
def test_any_batches_of_any_markdown_end_up_as_the_whole(
    view: AnswerView, text: str, cuts: list[int]
) -> None:
    borders = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    view.set_text("")
    for start, end in itertools.pairwise(borders):
        view.append_text(text[start:end])
    view.finish()
    streamed = (texts(view), list(column(view).leaves), view.answer_text())
    view.set_text(text)
    assert (texts(view), list(column(view).leaves), view.answer_text()) == streamed
    assert view.text() == text


def test_closed_blocks_are_not_touched_again(view: AnswerView) -> None:
    view.append_text(SAMPLE + "\nAnd ")
    before = sections(view)
    changes: list[str] = []
    for section in before[:-1]:
        name = type(section).__name__
        text_of(section).document().contentsChanged.connect(lambda name=name: changes.append(name))
    for _ in range(50):
        view.append_text("some more words ")
    assert sections(view) == before
    assert changes == []


def test_a_batch_adds_its_characters_and_no_more(view: AnswerView) -> None:
    view.append_text("Some **bold** words and")
    document = text_of(sections(view)[0]).document()
    changes: list[tuple[int, int]] = []
    document.contentsChange.connect(lambda _, removed, added: changes.append((removed, added)))
    view.append_text(" more")
    assert changes == [(0, 5)]


@pytest.mark.parametrize(
    "line",
    [
        "- an item with some words in it\n",
        "1. an item\n",
        "value = compute(1, 'text')\n",
        "> some quoted words\n>\n",
        "Some words in a paragraph.\n\n",
        "Words without an end to them ",
        "- x\n  - nested item\n",
    ],
)
def test_the_work_for_a_batch_does_not_grow_with_the_answer(view: AnswerView, line: str) -> None:
    changed = 0

    def count(_position: int, removed: int, added: int) -> None:
        nonlocal changed
        changed += removed + added

    watched: set[QTextDocument] = set()

    def characters_changed(batches: int) -> int:
        nonlocal changed
        changed = 0
        for _ in range(batches):
            view.append_text(line)
            for section in sections(view)[-2:]:
                document = text_of(section).document()
                if document not in watched:
                    watched.add(document)
                    document.contentsChange.connect(count)
        return changed

    if line.startswith("value"):
        view.append_text("```python\n")
    characters_changed(10)
    early = characters_changed(100)
    characters_changed(200)
    assert characters_changed(100) <= 1.5 * early


def test_text_that_goes_on_after_the_end_is_shown(view: AnswerView) -> None:
    view.set_text("# One\n\ntw")
    view.append_text("o three")
    view.finish()
    assert texts(view) == [("ProseView", "One\ntwo three")]


def test_link_references_count_once_the_stream_has_ended(view: AnswerView) -> None:
    stream(view, "See [a].\n\n[a]: https://a.example\n")
    assert "https://a.example" in text_of(sections(view)[0]).toHtml()


def test_a_very_long_answer_is_worked_off_in_turns(view: AnswerView, qtbot: QtBot) -> None:
    text = "".join(f"Paragraph {number} with some words.\n\n" for number in range(3_000))
    view.set_text(text)
    assert not view.is_complete()
    assert view.answer_text().startswith("Paragraph 0 with")
    qtbot.waitUntil(view.is_complete)
    assert texts(view)[-1][1].endswith("Paragraph 2999 with some words.")


# Safety

HOSTILE = {
    "quotes": "> " * 5_000 + "a",
    "brackets": "[" * 50_000,
    "images": "![a](http://b.example/c.png) " * 20_000,
    "line": "word " * 200_000,
    "word": "x" * 1_000_000,
    "code line": "```\n" + "x" * 1_000_000,
    "columns": "a|" * 10_000 + "\n" + "-|" * 10_000 + "\n" + "a\n" * 100,
    "emphasis": "**a" * 30_000,
    "paragraphs": "a\n\n" * 10_000,
    "rows": "|a|b|\n|-|-|\n" + "|1|2|\n" * 2_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_update_holds_up_the_window(view: AnswerView, qtbot: QtBot, name: str) -> None:
    set_whole(view, SAMPLE)
    # What thousands of other tests have left behind must not be collected in between.
    gc.collect()
    start = time.process_time()
    view.set_text(HOSTILE[name])
    # 10 to 75 ms were measured; the goal is 100, and slow machines get room.
    assert time.process_time() - start < 0.3
    qtbot.waitUntil(view.is_complete, timeout=60_000)


@pytest.mark.parametrize(
    "text",
    [
        "![x](file:///etc/hostname)",
        "![x](http://tracker.example/x.png)",
        "<img src='/etc/hostname'>",
        "![x](//host/share/x.png)",
        "[![x](qrc:/x.png)](https://a.example)",
        "![x][y]\n\n[y]: http://tracker.example/x.png",
    ],
)
def test_no_image_ever_reaches_a_document(view: AnswerView, text: str) -> None:
    stream(view, text)
    for section in sections(view):
        assert "<img" not in text_of(section).toHtml()
        assert "\ufffc" not in text_of(section).toPlainText()


def test_a_text_that_asks_for_a_file_gets_an_empty_image(view: AnswerView, tmp_path: Path) -> None:
    view.set_text("a")
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    browser = text_of(sections(view)[0])
    for kind in (
        QTextDocument.ResourceType.ImageResource,
        QTextDocument.ResourceType.HtmlResource,
    ):
        loaded = browser.loadResource(kind.value, QUrl.fromLocalFile(str(secret)))
        assert (loaded.width(), loaded.height()) == (1, 1)


def test_hidden_and_reordering_characters_are_not_shown_or_copied(view: AnswerView) -> None:
    raw = "a\u202eb\u200bc\x1b[31m"
    stream(view, raw, 1)
    assert texts(view) == [("ProseView", "abc[31m")]
    assert view.answer_text() == "abc[31m"
    assert view.text() == raw


class UrlHandler(QObject):
    """Is told of every address that Qt would open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url)


@pytest.fixture
def url_handler(qapp: QObject) -> Iterator[UrlHandler]:
    handler = UrlHandler()
    QDesktopServices.setUrlHandler("https", handler, "open")  # type: ignore[arg-type]
    yield handler
    QDesktopServices.unsetUrlHandler("https")


def test_a_click_on_a_link_tells_the_owner_and_opens_nothing(
    view: AnswerView, qtbot: QtBot, url_handler: UrlHandler
) -> None:
    view.set_text("[the guide](https://a.example/guide?x=1)")
    links: list[LinkActivated] = []
    view.link_activated.connect(links.append)
    browser = text_of(sections(view)[0])
    cursor = browser.textCursor()
    cursor.setPosition(3)
    at = browser.cursorRect(cursor).center()
    QTest.mouseClick(browser.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert links == [LinkActivated("https://a.example/guide?x=1")]
    assert url_handler.opened == []
    assert browser.toPlainText() == "the guide"


def test_a_link_shows_its_full_address_as_tooltip(view: AnswerView) -> None:
    view.set_text("[the guide](https://a.example/guide)")
    browser = text_of(sections(view)[0])
    cursor = browser.textCursor()
    cursor.setPosition(3)
    assert cursor.charFormat().toolTip() == "https://a.example/guide"


# Copying and selecting


def clipboard_text() -> str:
    return QGuiApplication.clipboard().text()


def test_copying_gives_plain_text_only(view: AnswerView, qtbot: QtBot) -> None:
    view.set_text("Some **bold** words\n\n1. one")
    browser = text_of(sections(view)[0])
    browser.selectAll()
    QTest.keyClick(browser, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().mimeData().formats() == ["text/plain"]
    assert clipboard_text() == "Some bold words\n1. one"


def test_select_all_takes_the_whole_answer(view: AnswerView, qtbot: QtBot) -> None:
    set_whole(view, SAMPLE)
    browser = text_of(sections(view)[0])
    QTest.keyClick(browser, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(browser, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard_text().split("\n\n") == [
        "Notice\nTwo months, see the guide and code 😀.\n• one\n• two",
        "def f(x):\n    return x",
        "a\tb\n1\t2",
        "quoted\nThe end.",
    ]


def drag(qtbot: QtBot, start: SafeTextBrowser, end: SafeTextBrowser) -> None:
    """Drag from the beginning of one text to the end of another."""
    cursor = start.textCursor()
    cursor.setPosition(0)
    QTest.mousePress(
        start.viewport(), Qt.MouseButton.LeftButton, pos=start.cursorRect(cursor).center()
    )
    cursor = end.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    target = end.viewport().mapToGlobal(end.cursorRect(cursor).center() + QPoint(2, 0))
    for pos in (QPoint(3, 3), start.viewport().mapFromGlobal(target)):
        QTest.mouseMove(start.viewport(), pos)
    QTest.mouseRelease(start.viewport(), Qt.MouseButton.LeftButton)


def test_a_selection_goes_on_in_the_next_section(view: AnswerView, qtbot: QtBot) -> None:
    view.set_text("One\n\n```\ncode\n```\n\nTwo")
    qtbot.waitUntil(sections(view)[-1].isVisible)
    first_text, _, last_text = map(text_of, sections(view))
    drag(qtbot, first_text, last_text)
    first_text.copy()
    assert clipboard_text() == "One\n\ncode\n\nTwo"
    QTest.mouseClick(last_text.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not first_text.textCursor().hasSelection()


def test_a_selection_stays_while_the_answer_grows(view: AnswerView) -> None:
    view.append_text("Some words")
    browser = text_of(sections(view)[0])
    browser.selectAll()
    view.append_text(" and more")
    view.append_text(" and **more**\n\nand more")
    assert browser.textCursor().selectedText() == "Some words"


def test_copy_code_puts_the_exact_code_on_the_clipboard(view: AnswerView, qtbot: QtBot) -> None:
    code = "\tx = 1  \n\n" + "y" * 3_000
    view.set_text(f"```\n{code}\n```")
    block = first(view, CodeBlock)
    QTest.mouseClick(block.copy_button, Qt.MouseButton.LeftButton)
    assert clipboard_text() == code
    assert block.copy_button.text() == "Copied"
    qtbot.waitUntil(lambda: block.copy_button.text() == "Copy")


# Thinking


def test_what_the_model_thinks_is_folded_away(view: AnswerView, qtbot: QtBot) -> None:
    view.append_text("<think>Let me **see**")
    assert thinking(view).button.text() == "Thinking…"
    assert not thinking(view).view.isVisible()
    view.append_text(".</think>\n\nTwo.")
    assert thinking(view).button.text() == "Thinking"
    view.finish()
    assert texts(view) == [("ProseView", "Two.")]
    assert view.answer_text() == "Two."
    assert view.text() == "<think>Let me **see**.</think>\n\nTwo."
    QTest.mouseClick(thinking(view).button, Qt.MouseButton.LeftButton)
    assert thinking(view).view.isVisible()
    assert text_of(thinking(view).view.sections[0]).toPlainText() == "Let me see."


def test_an_unfolded_thought_grows(view: AnswerView, qtbot: QtBot) -> None:
    view.append_text("<think>One ")
    QTest.mouseClick(thinking(view).button, Qt.MouseButton.LeftButton)
    view.append_text("two</thi")
    view.append_text("nk>")
    assert text_of(thinking(view).view.sections[0]).toPlainText() == "One two"


def test_an_empty_thought_is_not_mentioned(view: AnswerView) -> None:
    view.set_text("<think>\n\n</think>\n\nHello")
    assert view._thinking is None


def test_another_answer_forgets_the_thought(view: AnswerView) -> None:
    view.set_text("<think>a</think>b")
    view.set_text("c")
    assert not thinking(view).isVisible()
    assert view.answer_text() == "c"


# Look


def test_the_height_follows_the_text_and_nothing_scrolls_inside(
    view: AnswerView, area: QScrollArea, qtbot: QtBot
) -> None:
    heights = []

    def is_fitting() -> bool:
        return view.height() == view.heightForWidth(view.width())

    for _ in range(5):
        view.append_text(SAMPLE)
        qtbot.waitUntil(is_fitting)
        heights.append(view.height())
    assert heights == sorted(set(heights))
    assert area.verticalScrollBar().maximum() > 0
    bars = [text_of(section).verticalScrollBar() for section in sections(view)]
    qtbot.waitUntil(lambda: [bar.maximum() for bar in bars] == [0] * len(bars))


@pytest.mark.parametrize("width", [320, 500, 900])
def test_the_height_is_known_before_the_width_is_given(
    view: AnswerView, area: QScrollArea, qtbot: QtBot, width: int
) -> None:
    view.set_text(SAMPLE * 2)
    promised = view.heightForWidth(width)
    view.setFixedWidth(width)
    qtbot.waitUntil(lambda: view.width() == width and view.height() == promised)


def test_sections_neither_overlap_nor_stick_out(view: AnswerView, qtbot: QtBot) -> None:
    view.set_text(SAMPLE * 3)
    qtbot.waitUntil(lambda: view.height() == view.heightForWidth(view.width()))
    for above, below in itertools.pairwise(sections(view)):
        # The margins for the focus ring may overlap, the texts may not.
        assert below.y() >= above.geometry().bottom() - 8
    assert all(s.geometry().right() < column(view).width() for s in sections(view))


def test_long_tables_keep_their_columns(view: AnswerView, qtbot: QtBot) -> None:
    rows = "".join(f"| {number} | {'word ' * (number % 4)}|\n" for number in range(40))
    view.set_text("| number | words |\n|---|---|\n" + rows)
    tables = [section for section in sections(view) if isinstance(section, TableView)]
    assert len(tables) == 4
    widths = [[length.rawValue() for length in table.column_lengths()] for table in tables]
    assert all(found == pytest.approx(widths[0], abs=1) for found in widths)


def test_each_block_has_the_direction_of_its_text(view: AnswerView) -> None:
    view.set_text("Hello\n\nمرحبا\n\n- שלום\n- hello")
    document = text_of(sections(view)[0]).document()
    directions = [
        document.findBlockByNumber(number).textDirection()
        for number in range(document.blockCount())
    ]
    left, right = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
    assert directions == [left, right, right, left]


def test_every_line_has_half_its_height_as_room(view: AnswerView) -> None:
    view.set_text("a\nb\n\n- a\n  b\n\n> a\n> b")
    document = text_of(sections(view)[0]).document()
    natural = QFontMetricsF(document.defaultFont()).height()
    for number in range(document.blockCount()):
        layout = document.findBlockByNumber(number).layout()
        pitch = layout.lineAt(1).y() - layout.lineAt(0).y()
        assert pitch == pytest.approx(1.5 * natural, abs=1)


def colour_of(used: QTextCharFormat) -> str:
    has_colour = used.hasProperty(QTextFormat.Property.ForegroundBrush.value)
    return used.foreground().color().name() if has_colour else ""


def colours(view: AnswerView) -> set[str]:
    """The colours of all characters."""
    found = set()
    for section in sections(view):
        block = text_of(section).document().begin()
        while block.isValid():
            part = block.begin()
            while not part.atEnd():
                found.add(colour_of(part.fragment().charFormat()))
                part += 1
            for used in block.layout().formats():
                found.add(colour_of(used.format))
            block = block.next()
    return found - {""}


def test_colours_follow_the_theme(view: AnswerView, theme: Theme) -> None:
    set_whole(view, SAMPLE)
    plain = texts(view)
    light = colours(view)
    assert {theme.tokens.text, theme.tokens.accent} < light
    theme.set_appearance(Appearance.DARK)
    assert {theme.tokens.text, theme.tokens.accent} < colours(view)
    assert not light & colours(view)
    assert texts(view) == plain


def test_text_grows_with_the_scale(view: AnswerView, theme: Theme) -> None:
    set_whole(view, SAMPLE)
    before = view.heightForWidth(600)
    theme.set_scale(1.5)
    assert view.heightForWidth(600) > 1.4 * before
    assert text_of(sections(view)[0]).document().defaultFont().pixelSize() == 22


def test_code_is_coloured_while_it_streams_and_at_the_end(view: AnswerView) -> None:
    def coloured() -> list[int]:
        document = text_of(sections(view)[0]).document()
        return [
            len(document.findBlockByNumber(number).layout().formats())
            for number in range(document.blockCount())
        ]

    view.append_text("```python\ndef f():\n    retur")
    assert coloured()[0] > 0
    view.append_text("n 1\n```\n")
    assert all(coloured())


# Keyboard and screen readers


def test_everything_that_takes_the_focus_has_a_name(view: AnswerView) -> None:
    set_whole(view, "<think>a</think>" + SAMPLE)
    focusable = [
        child
        for child in view.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert focusable
    for child in focusable:
        name = child.accessibleName() or (
            child.text() if isinstance(child, QAbstractButton) else ""
        )
        assert name, child
    names = [text_of(section).accessibleName() for section in sections(view)]
    assert names == ["Answer", "Code in python", "Table", "Answer"]
    assert first(view, CodeBlock).copy_button.accessibleName() == "Copy code"


def test_tab_goes_from_top_to_bottom(view: AnswerView, area: QScrollArea, qtbot: QtBot) -> None:
    view.append_text("<think>a</think>One\n\n```\ncode\n```\n\n")
    view.append_text("Two\n\n|a|\n|-|\n|b|\n")
    block = first(view, CodeBlock)
    expected: list[QWidget] = [thinking(view).button]
    for section in sections(view):
        expected += [block.copy_button, block.text] if section is block else [text_of(section)]
    area.activateWindow()
    expected[0].setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget | None] = []
    for _ in expected:
        seen.append(area.focusWidget())
        current = area.focusWidget()
        assert current is not None
        QTest.keyClick(current, Qt.Key.Key_Tab)
    assert seen == expected


def test_text_can_be_selected_with_the_keyboard(view: AnswerView, qtbot: QtBot) -> None:
    view.set_text("Some words")
    browser = first(view, ProseView)
    browser.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(browser, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert browser.textCursor().selectedText() == "S"


def test_an_answer_imports_no_parser_before_there_is_text() -> None:
    script = (
        "import sys; from PySide6.QtWidgets import QApplication; app = QApplication([]);"
        "from app.ui.theme import Theme; from app.ui.widgets.answer_view import AnswerView;"
        "view = AnswerView(Theme());"
        "print([name for name in ('markdown_it', 'pygments') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_plain_text_of_sections_is_that_of_their_leaves(view: AnswerView) -> None:
    set_whole(view, SAMPLE)
    shown = "\n".join(text for _, text in texts(view)).replace("\u2002", " ").split()
    leaves = " ".join(plain_leaf(leaf) for leaf in column(view).leaves)
    assert shown == leaves.split()
