"""Draws the view of models to be found to PNG files, to be looked at.

Run `QT_QPA_PLATFORM=offscreen python -m tests.ui.catalogue.gallery FOLDER [PART_OF_A_NAME]`.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core import events
from app.core import hub_events as hub
from app.core.errors import ErrorCode, Facts, Failure
from app.core.origin import Origin, Program
from app.ui.catalogue.find_view import FindView
from app.ui.theme import Appearance, Theme
from tests.fit_samples import OUTLOOK, SMOL, STARTER
from tests.fit_samples import model as sample
from tests.ui.catalogue import candidate_samples as samples

Scene = Callable[[FindView], None]
CARD = """# Qwen3.5 4B

**State of the art** at everything. See [the paper](https://example.com/paper).

| Test | Score |
|---|---|
| MMLU | 71.2 |

![picture](https://example.com/tracker.png)
"""


def for_you(_view: FindView) -> None:
    """The list by use."""


def scrolled(view: FindView) -> None:
    """Further down."""
    view._list.verticalScrollBar().setValue(620)


def filtered(view: FindView) -> None:
    """A search with filters that leaves little."""
    view._head.field.setText("qwen")
    view._head.chips._runs_well.setChecked(True)


def nothing(view: FindView) -> None:
    """A search that finds nothing."""
    view._head.field.setText("xyzzy & \u202egnihton")


def found(view: FindView) -> None:
    """What the Hub found."""
    view._head.field.setText("aya")
    view._head.search_asked.emit()
    view.show_search_results(hub.HubSearchResults(1, 0, samples.FOUND, has_more=True))


def searching(view: FindView) -> None:
    """The Hub is being asked."""
    view._head.field.setText("qwen")
    view._head.search_asked.emit()


def failed(view: FindView) -> None:
    """The Hub cannot be reached."""
    searching(view)
    failure = Failure(ErrorCode.NO_CONNECTION, Facts(host="huggingface.co"))
    view.show_search_failed(hub.HubSearchFailed(1, failure))


def details(view: FindView) -> None:
    """The page of a model, offline."""
    view.open_candidate(samples.QWEN.repo_id)


def details_below(view: FindView) -> None:
    """The same, further down, with what its makers say."""
    details(view)
    view.show_network(hub.NetworkState(is_offline=False))
    read = replace(samples.QWEN, unverified=frozenset(), is_shape_exact=True)
    view.show_candidate(hub.CandidateRead(read))
    view.show_card(hub.CardRead(samples.QWEN.repo_id, CARD))
    QTest.qWait(100)
    assert view._page.panel is not None
    bar = view._page.panel.area.verticalScrollBar()
    bar.setValue(bar.maximum() // 3)


def details_end(view: FindView) -> None:
    """The end of a page."""
    details_below(view)
    assert view._page.panel is not None
    bar = view._page.panel.area.verticalScrollBar()
    bar.setValue(bar.maximum())


def too_big(view: FindView) -> None:
    """A model that does not fit."""
    view.open_candidate(samples.HUGE.repo_id)


def gated(view: FindView) -> None:
    """A model whose publisher wants to be asked."""
    view.open_candidate(samples.GATED.repo_id)


def pictures(view: FindView) -> None:
    """A model with a part for pictures, being downloaded."""
    view.open_candidate(samples.SEER.repo_id)
    view.show_downloads(hub.DownloadsChanged((samples.download(samples.SEER),)))


def unfit(view: FindView) -> None:
    """A model that this engine does not know."""
    found(view)
    view.open_candidate(samples.FOUND[0].repo_id)
    failure = Failure(ErrorCode.MODEL_UNSUPPORTED, Facts("Tiny.gguf", reason="lfm3"))
    view.show_candidate(hub.CandidateRead(samples.FOUND[0], failure))


def keyboard(view: FindView) -> None:
    """The ring of the keyboard."""
    view.activateWindow()
    view._list.focus_first()
    QTest.keyClick(view._list, Qt.Key.Key_Down)


SCENES: tuple[Scene, ...] = (
    for_you,
    scrolled,
    filtered,
    nothing,
    found,
    searching,
    failed,
    details,
    details_below,
    details_end,
    too_big,
    gated,
    pictures,
    unfit,
    keyboard,
)
LOOKS = (
    (Appearance.LIGHT, 1.0, (1032, 800)),
    (Appearance.DARK, 1.0, (1032, 800)),
    (Appearance.LIGHT, 1.0, (580, 520)),
    (Appearance.LIGHT, 1.5, (1032, 800)),
    (Appearance.LIGHT, 2.0, (580, 700)),
    (Appearance.HIGH_CONTRAST, 1.0, (1032, 800)),
)


def filled(theme: Theme) -> FindView:
    """Give a view that knows some models; one is here, one is on its way."""
    view = FindView(theme)
    here = sample("Granite-4.1-3B", billions=3.4)
    origin = Origin(Program.QUILLHOUSE, samples.GRANITE.repo_id)
    library = events.Library((SMOL, here, STARTER), (), STARTER, {here.path: origin})
    view.show_library(library)
    view.show_outlook(OUTLOOK)
    view.show_catalogue(hub.CatalogueShown(samples.CATALOGUE))
    view.show_downloads(hub.DownloadsChanged((samples.download(samples.NEMO),)))
    return view


def main(folder: Path, wanted: set[str]) -> None:
    application = QApplication([])
    theme = Theme()
    theme.apply(application)
    for appearance, scale, size in LOOKS:
        theme.set_appearance(appearance)
        theme.set_scale(scale)
        for scene in SCENES:
            name = f"{scene.__name__}_{size[0]}_{round(scale * 100)}_{appearance}"
            if wanted and not any(word in name for word in wanted):
                continue
            view = filled(theme)
            view.resize(*size)
            view.setAutoFillBackground(True)
            view.show()
            QTest.qWait(400)
            scene(view)
            QTest.qWait(400)
            view.grab().save(str(folder / f"{name}.png"))
            view.close()
            view.deleteLater()


if __name__ == "__main__":
    main(Path(sys.argv[1]), set(sys.argv[2:]))
