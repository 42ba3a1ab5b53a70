"""A table of an answer; a long one continues in the next view with the same columns."""

import itertools
from typing import Final, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QTextBlockFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTable,
    QTextTableCellFormat,
    QTextTableFormat,
)
from PySide6.QtWidgets import QWidget

from app.ui.widgets.cited_text import with_copied_chips
from app.ui.widgets.markdown_leaves import Alignment, Runs, TableLeaf
from app.ui.widgets.prose_style import ProseStyle
from app.ui.widgets.safe_text_browser import SafeTextBrowser

_CELL_PADDING_PX: Final = 8
_ROW_PADDING_PX: Final = 5
_LINE_SEPARATOR: Final = "\u2028"
_ALIGNMENTS: Final = {
    Alignment.LEADING: Qt.AlignmentFlag.AlignLeading,
    Alignment.LEFT: Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute,
    Alignment.CENTRE: Qt.AlignmentFlag.AlignHCenter,
    Alignment.RIGHT: Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute,
}
_NOTHING: Final = TableLeaf((), (), ())


class TableView(SafeTextBrowser):
    """Shows one `TableLeaf`; too wide a table is scrolled to the side."""

    def __init__(self, style: ProseStyle, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self._leaf = _NOTHING
        self._table: QTextTable | None = None
        self._head: TableView | None = None
        self.setAccessibleName(self.tr("Table"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        option = self.document().defaultTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        self.document().setDefaultTextOption(option)
        self.setWordWrapMode(QTextOption.WrapMode.WordWrap)

    @property
    def leaf(self) -> TableLeaf:
        """What is shown."""
        return self._leaf

    def continue_from(self, head: "TableView | None") -> None:
        """Give the columns the widths that they have in `head`, the view with the header."""
        self._head = head

    def set_leaf(self, leaf: TableLeaf) -> None:
        """Show `leaf`; rows that have not changed are not touched."""
        old = self._leaf
        if leaf == old:
            return
        self._leaf = leaf
        has_same_columns = (leaf.alignments, leaf.header, leaf.is_right_to_left) == (
            old.alignments,
            old.header,
            old.is_right_to_left,
        )
        with self.editing() as cursor:
            if self._table is not None and has_same_columns and len(leaf.rows) >= len(old.rows):
                self._change_rows(self._table, old)
            else:
                self._rebuild(cursor)
        cells = itertools.chain(leaf.header, *leaf.rows)
        self.set_shows_chips(shows_chips=any(run.style.is_chip for runs in cells for run in runs))

    def restyle(self, style: ProseStyle) -> None:
        """Draw everything again in another style."""
        super().restyle(style)
        with self.editing() as cursor:
            self._rebuild(cursor)

    def height_for_width(self, width_px: int) -> int:
        """The height in px that shows all rows."""
        if self._head is not None and self._table is not None:
            table_format = self._table.format()
            lengths = self._head.column_lengths()
            if table_format.columnWidthConstraints() != lengths:
                table_format.setColumnWidthConstraints(lengths)
                self._table.setFormat(table_format)
        return super().height_for_width(width_px)

    def column_lengths(self) -> list[QTextLength]:
        """The widths of the columns as they are laid out."""
        table = self._table
        if table is None:
            return []
        layout = self.document().documentLayout()
        edges = []
        for column in range(table.columns()):
            block = table.cellAt(0, column).firstCursorPosition().block()
            box = layout.blockBoundingRect(block)
            edges.append(-box.right() if self._leaf.is_right_to_left else box.left())
        edges.append(edges[0] + layout.frameBoundingRect(table).width())
        fixed = QTextLength.Type.FixedLength
        return [QTextLength(fixed, end - start) for start, end in itertools.pairwise(edges)]

    def selected_text(self) -> str:
        """The selected cells, with tabs between them and a line for each row."""
        cursor = self.textCursor()
        table = self._table
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        if table is None or start == end:
            return ""
        cell = table.cellAt(start)
        if cell.isValid() and cell == table.cellAt(end):
            return super().selected_text()
        if cursor.hasComplexSelection():
            found = cast("tuple[int, int, int, int]", cursor.selectedTableCells())
            row, row_count, column, column_count = found
        else:
            row, row_count, column, column_count = 0, table.rows(), 0, table.columns()
        return "\n".join(
            "\t".join(_cell_text(table, r, c) for c in range(column, column + column_count))
            for r in range(row, row + row_count)
        )

    def _rebuild(self, cursor: QTextCursor) -> None:
        leaf = self._leaf
        self.document().clear()
        rows = [leaf.header, *leaf.rows] if leaf.header else list(leaf.rows)
        columns = max(1, len(leaf.alignments))
        self._table = table = cursor.insertTable(max(1, len(rows)), columns, self._table_format())
        for row, cells in enumerate(rows):
            self._write_row(table, row, cells)

    def _change_rows(self, table: QTextTable, old: TableLeaf) -> None:
        header_rows = 1 if self._leaf.header else 0
        for index, cells in enumerate(self._leaf.rows):
            if index >= len(old.rows):
                table.appendRows(1)
                self._write_row(table, header_rows + index, cells)
            elif cells != old.rows[index]:
                self._write_row(table, header_rows + index, cells, old.rows[index])

    def _write_row(
        self,
        table: QTextTable,
        row: int,
        cells: tuple[Runs, ...],
        shown: tuple[Runs, ...] = (),
    ) -> None:
        """Write the cells of a row that differ from what is `shown`."""
        for column, runs in enumerate(cells):
            if column < len(shown) and shown[column] == runs:
                continue
            cell = table.cellAt(row, column)
            cursor = cell.firstCursorPosition()
            if shown:
                cursor.setPosition(
                    cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor
                )
                cursor.removeSelectedText()
            else:
                cell.setFormat(self._cell_format(row))
                cursor.setBlockFormat(self._cell_block_format(column))
            is_header = row == 0 and bool(self._leaf.header)
            for run in runs:
                style = run.style._replace(bold=True) if is_header else run.style
                text = run.text.replace("\n", _LINE_SEPARATOR)
                cursor.insertText(text, self.prose_style.run_format(style, 0))

    def _table_format(self) -> QTextTableFormat:
        table_format = QTextTableFormat()
        table_format.setBorder(0)
        table_format.setCellSpacing(0)
        table_format.setBorderCollapse(True)
        if self._leaf.is_right_to_left:
            table_format.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        return table_format

    def _cell_format(self, row: int) -> QTextTableCellFormat:
        style = self.prose_style
        cell_format = QTextTableCellFormat()
        cell_format.setLeftPadding(style.px(_CELL_PADDING_PX))
        cell_format.setRightPadding(style.px(_CELL_PADDING_PX))
        cell_format.setTopPadding(style.px(_ROW_PADDING_PX))
        cell_format.setBottomPadding(style.px(_ROW_PADDING_PX))
        cell_format.setBottomBorder(1)
        cell_format.setBottomBorderBrush(QBrush(style.line_colour))
        cell_format.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        if row == 0 and self._leaf.header:
            cell_format.setBackground(QBrush(style.surface_colour))
        return cell_format

    def _cell_block_format(self, column: int) -> QTextBlockFormat:
        block_format = QTextBlockFormat()
        block_format.setAlignment(_ALIGNMENTS[self._leaf.alignments[column]])
        if self._leaf.is_right_to_left:
            block_format.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        return block_format


def _cell_text(table: QTextTable, row: int, column: int) -> str:
    cell = table.cellAt(row, column)
    cursor = cell.firstCursorPosition()
    cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
    return with_copied_chips(cursor.selection().toPlainText())
