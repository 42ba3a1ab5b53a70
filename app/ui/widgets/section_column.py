"""A column of sections (prose, code, tables) that shows a row of leaves."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from PySide6.QtCore import QSize, QTimer, QUrl, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.code_block import CodeBlock
from app.ui.widgets.markdown_leaves import CodeLeaf, Container, Leaf, ProseLeaf, TableLeaf
from app.ui.widgets.prose_style import ProseStyle
from app.ui.widgets.prose_view import ProseView
from app.ui.widgets.safe_text_browser import TEXT_MARGIN_PX, SafeTextBrowser
from app.ui.widgets.section_selection import SectionSelection
from app.ui.widgets.table_view import TableView
from app.worker.signal_types import signal_of

# Qt lays a document out again from the change on; small documents keep that short.
_PROSE_LEAVES: Final = 24
# A quote is not split before, as its bar would be broken.
_MOST_PROSE_LEAVES: Final = 60
_PROSE_CHARS: Final = 10_000
_COLUMN_CHARS: Final = 72
_NARROWEST_CHARS: Final = 20

Section: TypeAlias = ProseView | CodeBlock | TableView


@dataclass(frozen=True, slots=True)
class LinkActivated:
    """The reader chose a link; ask before opening it. Only http, https and mailto get here."""

    url: str


def split_into_sections(leaves: Sequence[Leaf], first: int) -> Iterator[tuple[int, int]]:
    """Start and end of each section of `leaves`, from leaf `first` on, where a section starts."""
    start = first
    chars = 0
    for index in range(first, len(leaves)):
        leaf = leaves[index]
        if not isinstance(leaf, ProseLeaf):
            if start < index:
                yield start, index
            yield index, index + 1
            start = index + 1
            chars = 0
            continue
        added = sum(len(run.text) for run in leaf.runs)
        if index > start and _is_full(index - start, chars + added, leaf):
            yield start, index
            start = index
            chars = 0
        chars += added
    if start < len(leaves):
        yield start, len(leaves)


def _is_full(leaf_count: int, chars: int, following: ProseLeaf) -> bool:
    is_in_quote = Container.QUOTE in following.path
    limit = _MOST_PROSE_LEAVES if is_in_quote else _PROSE_LEAVES
    return leaf_count >= limit or chars > _PROSE_CHARS


@dataclass(slots=True)
class _Place:
    """A section and where it stands.

    Attributes:
        section: The widget.
        first: Number of its first leaf.
        bottoms_px: Where it ends, for each width of the column that was asked for: a layout
            asks for several widths after each change.
    """

    section: Section
    first: int
    bottoms_px: dict[int, int] = field(default_factory=dict)


class SectionColumn(QWidget):
    """Shows leaves in sections; when leaves change, only the sections that hold them change.

    Args:
        theme: Colours and scale; call `restyle` when it has changed.
        is_quiet: Smaller and dimmer text.
        parent: The widget this one belongs to.
    """

    link_activated = signal_of(LinkActivated)

    def __init__(
        self, theme: Theme, *, is_quiet: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._style = ProseStyle(theme, is_quiet=is_quiet)
        self._leaves: list[Leaf] = []
        self._places: list[_Place] = []
        self._unbuilt_from: int | None = None
        self._height_px = 0
        self._selection = SectionSelection(self._texts)
        # A layout that only asks about another width leaves the sections wrapped for it.
        self._wrap_timer = QTimer(self, singleShot=True, interval=0)
        self._wrap_timer.timeout.connect(self._wrap_again)
        # Laid out at once at the width that the column will most likely get.
        self._width_px = self.sizeHint().width()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def leaves(self) -> Sequence[Leaf]:
        """What is shown, or will be once `build` is done."""
        return self._leaves

    @property
    def sections(self) -> list[Section]:
        """The widgets that show the leaves, from top to bottom."""
        return [place.section for place in self._places]

    def show_leaves(self, first: int, leaves: Sequence[Leaf]) -> None:
        """Replace the leaves from number `first` on; call `build` after that."""
        changed = first
        for old, new in zip(self._leaves[first:], leaves, strict=False):
            if old is not new and old != new:
                break
            changed += 1
        if changed == len(self._leaves) == first + len(leaves):
            return
        self._leaves[changed:] = leaves[changed - first :]
        pending = self._unbuilt_from
        self._unbuilt_from = changed if pending is None else min(pending, changed)

    def build(self, budget_s: float) -> bool:
        """Make the sections show the leaves; false if the time was up before all were shown."""
        if self._unbuilt_from is None:
            return True
        end = time.perf_counter() + budget_s
        number = self._place_of(self._unbuilt_from)
        first_number = number
        first = self._places[number].first if number < len(self._places) else self._unbuilt_from
        self._unbuilt_from = None
        for start, stop in split_into_sections(self._leaves, first):
            self._show_section(number, start, stop)
            number += 1
            # The first may be one that was built before; at least one new is built in any case.
            is_late = time.perf_counter() > end and number > first_number + 1
            if is_late and stop < len(self._leaves):
                self._unbuilt_from = stop
                break
        self._drop_places(number)
        self._arrange(first_number)
        return self._unbuilt_from is None

    def restyle(self) -> None:
        """Draw everything again in the theme in force."""
        self._style = ProseStyle(self._theme, is_quiet=self._style.is_quiet)
        for place in self._places:
            place.section.restyle(self._style)
        self._arrange(0)

    def _place_of(self, leaf_number: int) -> int:
        number = len(self._places) - 1
        while number > 0 and self._places[number].first > leaf_number:
            number -= 1
        return max(0, number)

    def _show_section(self, number: int, start: int, stop: int) -> None:
        leaf = self._leaves[start]
        place = self._places[number] if number < len(self._places) else None
        if place is None or not _suits(place.section, leaf):
            self._drop_places(number)
            place = _Place(self._new_section(leaf), start)
            self._follow_in_tab_order(place.section)
            self._places.append(place)
            # While it is empty: to lay the text out at another width first would cost as much.
            place.section.height_for_width(self._section_width(place, self._width_px))
        place.first = start
        section = place.section
        if isinstance(section, CodeBlock) and isinstance(leaf, CodeLeaf):
            section.set_leaf(leaf)
        elif isinstance(section, TableView) and isinstance(leaf, TableLeaf):
            section.continue_from(self._table_head(number) if leaf.is_continued else None)
            section.set_leaf(leaf)
        elif isinstance(section, ProseView):
            prose = self._leaves[start:stop]
            section.set_leaves([leaf for leaf in prose if isinstance(leaf, ProseLeaf)])

    def _new_section(self, leaf: Leaf) -> Section:
        section: Section
        match leaf:
            case CodeLeaf():
                section = CodeBlock(self._style, self)
                section.text.share_selection(self._selection)
            case TableLeaf():
                section = TableView(self._style, self)
                section.anchorClicked.connect(self._report_link)
                section.share_selection(self._selection)
            case ProseLeaf():
                section = ProseView(self._style, self)
                section.anchorClicked.connect(self._report_link)
                section.share_selection(self._selection)
        section.show()
        return section

    def _follow_in_tab_order(self, section: Section) -> None:
        """Let Tab reach a new section after those above; Qt puts it at the end of the window."""
        texts = self._texts()
        above = texts[-1] if texts else self
        if isinstance(section, CodeBlock):
            self.setTabOrder(above, section.copy_button)
            self.setTabOrder(section.copy_button, section.text)
        else:
            self.setTabOrder(above, section)

    def _texts(self) -> list[SafeTextBrowser]:
        return [
            section.text if isinstance(section, CodeBlock) else section
            for section in self.sections
        ]

    def _table_head(self, number: int) -> TableView | None:
        """The view with the header of the table that section `number` continues."""
        for place in reversed(self._places[:number]):
            if not isinstance(place.section, TableView):
                break
            if not place.section.leaf.is_continued:
                return place.section
        return None

    def _drop_places(self, number: int) -> None:
        for place in self._places[number:]:
            place.section.hide()
            place.section.deleteLater()
        del self._places[number:]

    def _arrange(self, first: int) -> None:
        """Place the sections from number `first` on, which have changed."""
        for place in self._places[first:]:
            place.bottoms_px.clear()
        for number in range(first, len(self._places)):
            place = self._places[number]
            top_px = self._bottom_px(number - 1, self._width_px) + self._gap_px(number)
            height_px = self._bottom_px(number, self._width_px) - top_px
            width_px = self._section_width(place, self._width_px)
            place.section.setGeometry(self._left_px(place), top_px, width_px, height_px)
        height_px = self._bottom_px(len(self._places) - 1, self._width_px)
        if height_px != self._height_px:
            self._height_px = height_px
            self.updateGeometry()

    @Slot()
    def _wrap_again(self) -> None:
        """Wrap every section for the width it has; costs nothing where that is so already."""
        for place in self._places:
            place.section.height_for_width(self._section_width(place, self._width_px))

    def _bottom_px(self, number: int, width_px: int) -> int:
        """Where section `number` ends if the column is `width_px` wide; 0 for number -1."""
        known = number
        while known >= 0 and width_px not in self._places[known].bottoms_px:
            known -= 1
        bottom_px = self._places[known].bottoms_px[width_px] if known >= 0 else 0
        for unknown in range(known + 1, number + 1):
            place = self._places[unknown]
            section_width_px = self._section_width(place, width_px)
            bottom_px += self._gap_px(unknown) + place.section.height_for_width(section_width_px)
            place.bottoms_px[width_px] = bottom_px
        return bottom_px

    def _gap_px(self, number: int) -> int:
        """The distance of section `number` to the one above; less than 0 if margins overlap."""
        if number == 0:
            return 0
        above, place = self._places[number - 1], self._places[number]
        gap_px = self._style.gap_px(self._leaves[place.first - 1], self._leaves[place.first])
        return gap_px - _margin_px(above.section) - _margin_px(place.section)

    def _left_px(self, place: _Place) -> int:
        if isinstance(place.section, ProseView):
            return 0
        indent_px = round(self._style.indent_px(self._leaves[place.first].path))
        return indent_px + TEXT_MARGIN_PX - _margin_px(place.section)

    def _section_width(self, place: _Place, width_px: int) -> int:
        if isinstance(place.section, ProseView):
            return width_px
        right_px = TEXT_MARGIN_PX - _margin_px(place.section)
        return max(1, width_px - self._left_px(place) - right_px)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width_px: int) -> int:
        """The height in px of all sections at this width."""
        if width_px == self._width_px:
            return self._height_px
        self._wrap_timer.start()
        return self._bottom_px(len(self._places) - 1, width_px)

    def sizeHint(self) -> QSize:
        """A column of 72 characters, as high as its sections."""
        characters_px = QFontMetrics(self._style.text_font).averageCharWidth() * _COLUMN_CHARS
        return QSize(characters_px + 2 * TEXT_MARGIN_PX, self._height_px)

    def minimumSizeHint(self) -> QSize:
        """Narrow windows wrap the text."""
        characters_px = QFontMetrics(self._style.text_font).averageCharWidth() * _NARROWEST_CHARS
        return QSize(characters_px, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the text anew."""
        super().resizeEvent(event)
        if self.width() != self._width_px:
            self._width_px = self.width()
            self._arrange(0)

    def _report_link(self, url: QUrl) -> None:
        self.link_activated.emit(
            LinkActivated(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        )


def _suits(section: Section, leaf: Leaf) -> bool:
    return isinstance(
        leaf,
        {CodeBlock: CodeLeaf, TableView: TableLeaf, ProseView: ProseLeaf}[type(section)],
    )


def _margin_px(section: Section) -> int:
    """The empty space at each side of a section."""
    return 0 if isinstance(section, CodeBlock) else TEXT_MARGIN_PX
