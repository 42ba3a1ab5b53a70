"""The one style sheet, made from tokens and scale.

Widgets say what they are through dynamic properties: `kind` on buttons (primary, quiet, nav,
danger, card), `surface` on frames (page, rail, card, chip, banner), `tone` (good, warn, bad,
neutral) and `role` on labels (title, heading, dim, faint, strong, figure, eyebrow, code).
"""

import re
from pathlib import Path
from string import Template

from app.ui.tokens import Tokens

_TEMPLATE = Template("""
QWidget { color: $text; selection-background-color: $accent; selection-color: $on_accent; }
QMainWindow, QDialog, QFrame[surface="page"] { background: $page; }
QFrame[surface="rail"] { background: $rail; border: none; border-right: 1px solid $line; }
QFrame[surface="card"] { background: $card; border: 1px solid $line; border-radius: 12px; }
QFrame[surface="card"][selected="true"] { border: 2px solid $accent; }
QFrame[surface="card"][clickable="true"]:hover { border-color: $control_line; }
QFrame[surface="card"][clickable="true"][selected="true"]:hover { border-color: $accent; }
QFrame[surface="panel"] { background: $rail; border: none; border-left: 1px solid $line; }
QFrame[surface="panel"][mirrored="true"] { border-left: none; border-right: 1px solid $line; }
QFrame[surface="foot"] { background: $rail; border: none; border-top: 1px solid $line; }
QFrame[surface="asked"] { background: $accent_soft; border: 1px solid $accent_soft;
    border-radius: 14px; }
QFrame[surface="asked"] QLabel { color: $on_accent_soft; font-size: 13px; }
QFrame[surface="chip"] { background: $card; border: 1px solid $line; border-radius: 14px; }
QFrame[surface="line"] { background: $line; border: none; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: 24px; font-weight: 600; }
QLabel[role="heading"] { font-size: 16px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="dim"] { color: $dim; }
QLabel[role="faint"] { color: $faint; font-size: 12px; }
QLabel[role="figure"] { font-size: 22px; font-weight: 600; }
QLabel[role="eyebrow"] { color: $accent; font-size: 12px; font-weight: 600; }
QLabel[role="code"] { font-family: "JetBrains Mono"; font-size: 12px; background: $code_surface;
    border-radius: 8px; padding: 8px 10px; }
QLabel[badge="true"] { border-radius: 6px; padding: 2px 8px; font-size: 12px; font-weight: 600; }
QLabel[badge="true"][tone="plain"] { background: $user_bubble; color: $dim; font-weight: 500; }
QLabel[badge="true"][tone="neutral"] { background: $accent_soft; color: $on_accent_soft; }
QLabel[badge="true"][tone="good"] { background: $good_soft; color: $good; }
QLabel[badge="true"][tone="warn"] { background: $warn_soft; color: $warn; }
QLabel[badge="true"][tone="bad"] { background: $bad_soft; color: $bad; }
QFrame[surface="banner"] { border-radius: 12px; border: 1px solid $line; background: $card; }
QFrame[surface="banner"][tone="warn"] { background: $warn_soft; border-color: $warn; }
QFrame[surface="banner"][tone="bad"] { background: $bad_soft; border-color: $bad; }
QFrame[surface="banner"][tone="neutral"] { background: $accent_soft; border-color: $accent; }
QFrame[surface="veil"] { background: rgba(0, 0, 0, 90); border: none; }
QFrame[surface="toast"] { background: $text; border: none; border-radius: 10px; }
QFrame[surface="toast"] QLabel { color: $page; }
QFrame[surface="toast"] QPushButton { color: $page; background: transparent; font-weight: 600;
    border: 1px solid $faint; }
QFrame[surface="toast"] QPushButton:focus { border: 2px solid $page; }

QPushButton, QToolButton { border-radius: 8px; min-height: 32px; padding: 1px 12px;
    background: $card; border: 1px solid $line; color: $text; }
QPushButton:hover, QToolButton:hover { background: $accent_soft; }
QPushButton:pressed, QToolButton:pressed { background: $line; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 0px 11px; }
QPushButton:disabled, QToolButton:disabled { color: $faint; background: $rail; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent;
    font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $on_accent_soft; color: $page; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $rail; color: $faint; border-color: $line; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent;
    border: 1px solid transparent; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: $accent_soft; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border: 2px solid $accent; }
QToolButton[kind="quiet"] { padding: 1px 5px; min-height: 24px; }
QToolButton[kind="quiet"]:focus { padding: 0px 4px; }
QToolButton::menu-indicator { image: none; }
QPushButton::menu-indicator { image: none; width: 0px; }
QPushButton[kind="nav"] { background: transparent; border: 1px solid transparent;
    text-align: left; padding: 1px 10px; color: $dim; font-weight: 500; min-height: 34px; }
QPushButton[kind="nav"]:hover { background: $accent_soft; }
QPushButton[kind="nav"]:checked { background: $accent_soft; color: $on_accent_soft;
    font-weight: 600; }
QPushButton[kind="nav"]:focus { border: 2px solid $accent; padding: 0px 9px; }
QPushButton[kind="chip"] { border-radius: 13px; min-height: 26px; padding: 1px 12px;
    color: $dim; }
QPushButton[kind="chip"]:focus { padding: 0px 11px; }
QPushButton[kind="chip"]:checked, QPushButton[kind="chip"][chosen="true"] {
    background: $accent_soft; color: $on_accent_soft; border-color: $accent_soft;
    font-weight: 600; }
QPushButton[kind="chip"]:checked:focus, QPushButton[kind="chip"][chosen="true"]:focus {
    border-color: $accent; }
QPushButton[kind="example"] { text-align: left; padding: 10px 14px; border-radius: 12px; }
QPushButton[kind="example"]:focus { padding: 9px 13px; }
QPushButton[kind="offline"] { text-align: left; background: $accent_soft;
    color: $on_accent_soft; border: 1px solid transparent; padding: 6px 10px; }
QPushButton[kind="offline"]:focus { border: 2px solid $accent; padding: 5px 9px; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox { background: $card;
    border: 1px solid $control_line; border-radius: 8px; padding: 4px 8px; min-height: 24px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QComboBox:focus { border: 2px solid $accent; padding: 3px 7px; }
QLineEdit QToolButton, QLineEdit QToolButton:hover { border: none; background: transparent;
    padding: 0px; min-height: 0px; }
QTextBrowser, QTextBrowser:focus { border: none; background: transparent; padding: 0px; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url("$down_icon"); width: 14px; height: 14px; }
QSpinBox, QDoubleSpinBox { padding-right: 28px; }
QSpinBox:focus, QDoubleSpinBox:focus { padding-right: 27px; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button,
QDoubleSpinBox::down-button { subcontrol-origin: border; border: none; width: 26px;
    background: transparent; }
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-position: top right; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-position: bottom right; }
QSpinBox::up-button:hover, QDoubleSpinBox::up-button:hover, QSpinBox::down-button:hover,
QDoubleSpinBox::down-button:hover { background: $accent_soft; border-radius: 6px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$up_icon"); width: 12px;
    height: 12px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url("$down_icon"); width: 12px;
    height: 12px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; outline: none;
    selection-background-color: $accent_soft; selection-color: $on_accent_soft; }
QCheckBox { spacing: 8px; min-height: 24px; border: 2px solid transparent; border-radius: 6px; }
QCheckBox:focus { border: 2px solid $accent; }
QCheckBox::indicator { width: 18px; height: 18px; border-radius: 5px;
    border: 1px solid $control_line; background: $card; }
QCheckBox::indicator:checked { background: $accent; border: 1px solid $accent;
    image: url("$check_icon"); }
QSlider:horizontal { min-height: 26px; border: 2px solid transparent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 20px; margin: -8px 0; border-radius: 10px;
    background: $accent; }
QSlider:focus { border: 2px solid $accent; border-radius: 8px; }
QProgressBar { background: $line; border: none; border-radius: 3px; max-height: 6px;
    min-height: 6px; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QListView { background: transparent; border: 1px solid transparent; outline: none; }
QListView:focus { border: 1px solid $accent; border-radius: 8px; }
QListView[bare="true"], QListView[bare="true"]:focus { border: none; }
QTabBar { border: none; }
QTabBar::tab { background: transparent; color: $dim; border: 1px solid transparent;
    border-bottom: 2px solid transparent; padding: 6px 12px; margin-right: 4px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom: 2px solid $accent; }
QTabBar::tab:selected:focus { border: 2px solid $accent; border-radius: 6px; padding: 5px 11px; }
QTableView { background: $card; border: 1px solid $line; outline: none; }
QTableView:focus { border: 1px solid $accent; }
QTableView::item { padding: 0px 6px; border: none; }
QTableView::item:selected { background: $accent_soft; color: $on_accent_soft; }
QHeaderView { background: $rail; border: none; }
QHeaderView::section { background: $rail; color: $dim; border: none;
    border-bottom: 1px solid $line; padding: 6px; font-weight: 600; }
QTableCornerButton::section { background: $rail; border: none; }
QMenu { background: $raised; border: 1px solid $line; border-radius: 8px; padding: 4px; }
QMenu::item { padding: 7px 24px 7px 12px; border-radius: 6px; }
QMenu::item:selected { background: $accent_soft; color: $on_accent_soft; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 6px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: $line; min-height: 32px; border-radius: 4px;
    margin: 1px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:horizontal { background: $line; min-width: 32px; border-radius: 4px;
    margin: 1px; }
QScrollBar::handle:hover { background: $control_line; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")

_LENGTH = re.compile(r"\b(\d+)px")
HAIRLINE_PX = 2
"""Lines this thin stay as they are at every scale."""


def style_sheet(tokens: Tokens, scale: float, icons: Path) -> str:
    """Give the style sheet for colours and a text scale.

    Args:
        tokens: the colours.
        scale: 1.0 is 100 %.
        icons: folder of the signs that only a style sheet can set, as files in two colours.
    """
    values = {name: getattr(tokens, name) for name in Tokens.__slots__}
    surface = "dark" if tokens.is_dark else "light"
    values["check_icon"] = icons.joinpath(f"check-on-accent-{surface}.svg").as_posix()
    values["down_icon"] = icons.joinpath(f"chevron-down-on-{surface}.svg").as_posix()
    values["up_icon"] = icons.joinpath(f"chevron-up-on-{surface}.svg").as_posix()
    return _LENGTH.sub(lambda found: _scaled(found, scale), _TEMPLATE.substitute(values))


def _scaled(found: re.Match[str], scale: float) -> str:
    length_px = int(found.group(1))
    return f"{length_px if length_px <= HAIRLINE_PX else round(length_px * scale)}px"
