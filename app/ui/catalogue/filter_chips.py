"""The filters above the list of models to be found, as chips in a row."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.core.candidate import Candidate, Use
from app.core.catalogue import CatalogueFilter, SizeClass
from app.core.licences import LicenceBadge
from app.core.translation import QT_TRANSLATE_NOOP
from app.ui.catalogue.licence_words import kind_words
from app.ui.catalogue.offering_words import use_words
from app.ui.language_names import language_name
from app.ui.quantities import count_text
from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.quiet_button import QuietButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal

SIZE_WORDS = {
    SizeClass.TINY: QT_TRANSLATE_NOOP("filters", "Tiny: up to 1.5 billion parameters"),
    SizeClass.SMALL: QT_TRANSLATE_NOOP("filters", "Small: up to 5.5 billion"),
    SizeClass.MEDIUM: QT_TRANSLATE_NOOP("filters", "Medium: up to 10 billion"),
    SizeClass.LARGE: QT_TRANSLATE_NOOP("filters", "Large: up to 22 billion"),
    SizeClass.HUGE: QT_TRANSLATE_NOOP("filters", "Huge: above that"),
}
MOST_NAMED = 1
"""Choices that a chip names; of more it gives the number."""


translate = QCoreApplication.translate


class ToggleChip(TextButton):
    """A filter that is on or off."""

    def __init__(self, theme: Theme, words: str) -> None:
        super().__init__(theme, words, kind="chip")
        self.setCheckable(True)


class MenuChip(TextButton):
    """A filter with a menu of choices, several at a time.

    Args:
        theme: colours and scale.
        title: of the filter, while nothing is chosen.

    Signals:
        changed: something else is chosen.
    """

    changed = signal()

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__(theme, title, kind="chip")
        self._title = title
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self._show()

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer these, as key and words; what is chosen stays chosen."""
        chosen = self.chosen
        self._menu.clear()
        for key, words in choices:
            action = QAction(words, self._menu)
            action.setData(key)
            action.setCheckable(True)
            action.setChecked(key in chosen)
            action.toggled.connect(self._on_toggled)
            self._menu.addAction(action)
        self._show()

    @property
    def chosen(self) -> frozenset[str]:
        """The keys of what is chosen."""
        return frozenset(str(one.data()) for one in self._checked())

    def clear_choice(self) -> None:
        """Choose nothing."""
        for one in self._checked():
            one.setChecked(False)

    def _checked(self) -> list[QAction]:
        return [one for one in self._menu.actions() if one.isChecked()]

    @Slot(bool)
    def _on_toggled(self, _is_checked: bool) -> None:  # noqa: FBT001 - Qt slot
        """Something was chosen, or no longer."""
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        checked = self._checked()
        words = self._title
        if len(checked) > MOST_NAMED:
            words = translate("filters", "{title}: {n}")
            words = words.format(title=self._title, n=count_text(len(checked)))
        elif checked:
            words = checked[0].text().partition(":")[0]
        self.say(f"{words} ▾")
        self.setAccessibleName(f"{self._title}: {words}" if checked else self._title)
        self.setProperty("chosen", "true" if checked else "false")
        self.style().unpolish(self)
        self.style().polish(self)


class FilterChips(WrappingRow):
    """All filters, and one button that takes them off again.

    Signals:
        changed: other models are wanted.
    """

    changed = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, gap_px=6)
        self._is_clearing = False
        self._runs_well = ToggleChip(theme, self.tr("Runs well here"))
        self._vision = ToggleChip(theme, self.tr("Can see pictures"))
        self._here = ToggleChip(theme, self.tr("Already here"))
        self._uses = MenuChip(theme, self.tr("Good for"))
        self._languages = MenuChip(theme, self.tr("Language"))
        self._licences = MenuChip(theme, self.tr("Licence"))
        self._sizes = MenuChip(theme, self.tr("Size"))
        self._uses.offer((one.value, use_words(one)) for one in Use)
        self._licences.offer((one.value, kind_words(one)) for one in LicenceBadge)
        self._sizes.offer(
            (one.value, translate("filters", text)) for one, text in SIZE_WORDS.items()
        )
        self._clear = QuietButton(theme, self.tr("Clear the filters"))
        self._clear.setAccessibleName(self.tr("Clear the filters"))
        self._clear.clicked.connect(self.clear_all)
        self._clear.hide()
        for menu in self._menus():
            menu.changed.connect(self._on_changed)
        for toggle in self._toggles():
            toggle.toggled.connect(self._on_toggled)
        for chip in (
            self._runs_well,
            self._uses,
            self._languages,
            self._licences,
            self._sizes,
            self._vision,
            self._here,
            self._clear,
        ):
            self.add(chip)

    def _menus(self) -> tuple[MenuChip, ...]:
        return self._uses, self._languages, self._licences, self._sizes

    def _toggles(self) -> tuple[ToggleChip, ...]:
        return self._runs_well, self._vision, self._here

    def offer_languages(self, candidates: Iterable[Candidate]) -> None:
        """Offer the languages that some model knows."""
        codes = {code for one in candidates for code in one.languages}
        named = sorted((language_name(code), code) for code in codes)
        self._languages.offer((code, name) for name, code in named)
        self._languages.setVisible(bool(named))

    def wanted(self, query: str) -> CatalogueFilter:
        """Give what is wanted, together with the words of the search."""
        return CatalogueFilter(
            query,
            frozenset(Use(key) for key in self._uses.chosen),
            self._runs_well.isChecked(),
            self._languages.chosen,
            frozenset(LicenceBadge(key) for key in self._licences.chosen),
            frozenset(SizeClass(key) for key in self._sizes.chosen),
            self._vision.isChecked(),
            self._here.isChecked(),
        )

    @Slot()
    def clear_all(self) -> None:
        """Take all filters off."""
        self._is_clearing = True
        for menu in self._menus():
            menu.clear_choice()
        for toggle in self._toggles():
            toggle.setChecked(False)
        self._is_clearing = False
        if self._clear.hasFocus():
            self._runs_well.setFocus()
        self._on_changed()

    @Slot(bool)
    def _on_toggled(self, _is_checked: bool) -> None:  # noqa: FBT001 - Qt slot
        """A filter was put on or taken off."""
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        """Tell of other filters; clearing many counts once."""
        if self._is_clearing:
            return
        self._clear.setVisible(not self.wanted("").is_empty)
        self.changed.emit()
