"""Everything about one model: its versions, its memory, its speed, and the button to use it."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Slot

from app.core.events import LoadRequest
from app.core.fit.choice import Verdict
from app.core.fit_events import ContextRequest, EngineEstimate, EstimateRequest, Outlook
from app.core.model import ModelFile
from app.core.prospects import is_judged, live_verdict
from app.ui.catalogue.advice_card import AdviceCard
from app.ui.catalogue.card_facts import model_tags
from app.ui.catalogue.context_card import ContextCard
from app.ui.catalogue.loaded_card import LoadedCard
from app.ui.catalogue.memory_card import MemoryCard
from app.ui.catalogue.shelf import Entry
from app.ui.catalogue.speed_card import SpeedCard
from app.ui.catalogue.use_bar import UseBar
from app.ui.catalogue.version_chooser import VersionChooser
from app.ui.theme import Theme
from app.ui.verdict_words import STATE_TONES, state_words, verdict_sentence
from app.ui.widgets.labels import breakable, label
from app.ui.widgets.side_panel import SidePanel
from app.worker.signal_types import signal, signal_of

ASK_AFTER_MS = 400
"""The engine is asked when the user has looked at the same choice for so long."""
GIVE_UP_AFTER_MS = 30_000
"""An engine that has not answered by then will not."""


class ModelPanel(SidePanel):
    """The panel at the side of the page of models.

    Signals:
        load_requested: use a version, perhaps although it seems too big.
        cancel_requested: give up the model being loaded.
        context_requested: remember so long a context for a file.
        estimate_requested: ask the engine what a file would take.
        measure_requested: measure this computer.
        version_chosen: speak of this version from now on.
        model_chosen: look at this file, of another model.
    """

    load_requested = signal_of(LoadRequest)
    cancel_requested = signal()
    context_requested = signal_of(ContextRequest)
    estimate_requested = signal_of(EstimateRequest)
    measure_requested = signal()
    version_chosen = signal_of(ModelFile)
    model_chosen = signal_of(ModelFile)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._entry: Entry | None = None
        self._outlook: Outlook | None = None
        self._other: Entry | None = None
        self._verdict: Verdict | None = None
        self._wanted: dict[Path, int] = {}
        self._asked: EstimateRequest | None = None
        self._answer: EngineEstimate | None = None
        self._sentence = label("", "dim", wraps=True)
        self._advice = AdviceCard(theme)
        self._loaded_card = LoadedCard(theme)
        self._versions_title = label(self.tr("How much quality to keep"), "strong", wraps=True)
        self._versions = VersionChooser(theme)
        self._memory = MemoryCard(theme)
        self._context = ContextCard(theme)
        self._speed = SpeedCard(theme)
        self._facts = label("", "faint", wraps=True)
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._use = UseBar(theme)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(ASK_AFTER_MS)
        self._timer.timeout.connect(self._ask_engine)
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(GIVE_UP_AFTER_MS)
        self._limit.timeout.connect(self.show_no_estimate)
        self.fill(
            (
                self._sentence,
                self._loaded_card,
                self._advice,
                self._versions_title,
                self._versions,
                self._memory,
                self._context,
                self._speed,
                self._facts,
            ),
            self._use,
        )
        self._connect()

    def _connect(self) -> None:
        self._versions.chosen.connect(self.version_chosen.emit)
        self._advice.alternative_chosen.connect(self._on_alternative)
        self._context.moved.connect(self._on_moved)
        self._context.chosen.connect(self._on_length)
        self._context.reload_requested.connect(self._on_reload)
        self._speed.measure_requested.connect(self.measure_requested.emit)
        self._use.load_requested.connect(self._on_load)
        self._use.cancel_requested.connect(self.cancel_requested.emit)

    # --- what is shown ---

    def show_entry(self, entry: Entry, outlook: Outlook | None, other: Entry | None) -> None:
        """Show a model.

        Args:
            entry: the model.
            outlook: of this computer; None while it is not known.
            other: the model that is recommended here.
        """
        if self._entry is None or self._entry.versions.key != entry.versions.key:
            self.area.verticalScrollBar().setValue(0)
        self._entry, self._outlook, self._other = entry, outlook, other
        self.setAccessibleName(self.tr("Details of {name}").format(name=entry.versions.name))
        self.name.setText(breakable(entry.versions.name))
        self._versions.show_entry(entry)
        self._versions_title.setVisible(len(entry.versions.models) > 1)
        self._facts.setText(self._facts_text(entry.model))
        self._loaded_card.show_loaded(entry.loaded)
        if not self._context.is_moving:
            self._show_verdict(self._judged())

    def show_progress(self, fraction: float) -> None:
        """Show how far loading is, 0.0 to 1.0."""
        self._use.show_fraction(fraction)

    def show_estimate(self, estimate: EngineEstimate) -> None:
        """Show what the engine says, if it speaks of what is shown."""
        self._answer = estimate
        self._show_check()

    @Slot()
    def show_no_estimate(self) -> None:
        """Say that the engine could not be asked."""
        if self._asked is not None and self._answer is None:
            self._memory.show_refusal()

    def _judged(self) -> Verdict | None:
        """Judge the version that is meant, with the length that is wanted."""
        entry, outlook = self._entry, self._outlook
        if entry is None or outlook is None or not is_judged(entry.model):
            return None
        path = entry.model.path
        if path not in self._wanted:
            return entry.verdict
        verdict = live_verdict(entry.model, outlook, self._wanted[path])
        same = entry.verdict is not None and entry.verdict.state is verdict.state
        if entry.verdict is not None and same:
            verdict = replace(verdict, reason=entry.verdict.reason)
        return verdict

    def _show_verdict(self, verdict: Verdict | None) -> None:
        self._verdict = verdict
        for part in (self.badge, self._memory, self._context, self._speed):
            part.setVisible(verdict is not None)
        self._use.show_choice(self._entry, verdict)
        if verdict is None:
            self._sentence.setText(self.tr("Nothing can be said about its memory and speed yet."))
            self._advice.hide()
            return
        self._show_numbers(verdict)
        model, n_ctx = verdict.model, verdict.placement.n_ctx
        self._context.show_range(model.n_ctx_train, n_ctx)
        self._context.show_length(n_ctx, is_automatic=not self._wanted_length(model))
        self._context.show_reload(is_needed=self._needs_reload(model, n_ctx))
        self._show_check()
        self._timer.start()

    def _show_numbers(self, verdict: Verdict) -> None:
        """Show everything that follows the slider while it moves."""
        self.badge.say(state_words(verdict.state), STATE_TONES[verdict.state])
        self._sentence.setText(verdict_sentence(verdict))
        self._memory.show_verdict(verdict)
        outlook = self._outlook
        is_measured = outlook is not None and outlook.knowledge.calibration is not None
        self._speed.show_speed(verdict.speed, is_measured=is_measured)
        self._use.show_choice(self._entry, verdict)
        if outlook is not None and self._entry is not None:
            self._advice.show_advice(self._entry, verdict, outlook, self._other)

    def _facts_text(self, model: ModelFile) -> str:
        facts = [words for words, _ in model_tags(model)]
        facts.append(breakable(str(model.path)))
        return "\n".join(facts)

    # --- the engine's own answer ---

    @Slot()
    def _ask_engine(self) -> None:
        """Ask about what has been shown for a while."""
        verdict = self._verdict
        if verdict is None or not self.isVisible():
            return
        request = EstimateRequest(verdict.model.path, verdict.placement)
        if request == self._asked:
            return
        self._asked, self._answer = request, None
        self._memory.show_asking()
        self._limit.start()
        self.estimate_requested.emit(request)

    def _show_check(self) -> None:
        verdict, answer = self._verdict, self._answer
        if verdict is None:
            return
        shown = EstimateRequest(verdict.model.path, verdict.placement)
        if answer is not None and EstimateRequest(answer.path, answer.placement) == shown:
            if answer.need is None:
                self._memory.show_refusal()
            else:
                self._memory.show_engine(answer.need)
        elif self._asked != shown:
            self._memory.show_unasked()

    # --- how much it remembers ---

    def _wanted_length(self, model: ModelFile) -> int:
        if model.path in self._wanted:
            return self._wanted[model.path]
        return self._outlook.n_ctx_by_path.get(model.path, 0) if self._outlook else 0

    def _needs_reload(self, model: ModelFile, n_ctx: int) -> bool:
        """Whether another length was chosen than is in use."""
        loaded = self._entry.loaded if self._entry is not None else None
        if loaded is None or loaded.stepped_down:
            return False
        if not self._wanted_length(model) and model.path not in self._wanted:
            # What is chosen by itself comes and goes with what other programs hold.
            return False
        return loaded.placement.n_ctx != n_ctx

    @Slot(object)
    def _on_moved(self, n_ctx: int) -> None:
        """Let bar, verdict and numbers follow the slider."""
        if self._entry is not None and self._outlook is not None:
            verdict = live_verdict(self._entry.model, self._outlook, n_ctx)
            self._verdict = verdict
            self._show_numbers(verdict)
            self._show_check()

    @Slot(object)
    def _on_length(self, n_ctx: int) -> None:
        """Remember the length that was chosen."""
        if self._entry is None:
            return
        path = self._entry.model.path
        self._wanted[path] = n_ctx
        self.context_requested.emit(ContextRequest(path, n_ctx))
        self._show_verdict(self._judged())

    def keep_changes_now(self) -> None:
        """Take what was just chosen, without waiting for a pause."""
        self._context.choose_now()

    # --- buttons ---

    @Slot(object)
    def _on_load(self, request: LoadRequest) -> None:
        """Load with the length that was chosen here."""
        n_ctx = self._wanted.get(request.path)
        self.load_requested.emit(replace(request, n_ctx=n_ctx))

    @Slot()
    def _on_reload(self) -> None:
        """Load the model in use again."""
        if self._entry is not None:
            self._on_load(LoadRequest(self._entry.model.path))

    @Slot(object)
    def _on_alternative(self, model: ModelFile) -> None:
        """Show another version, or another model."""
        is_own = self._entry is not None and self._entry.versions.find(model.path) is not None
        (self.version_chosen if is_own else self.model_chosen).emit(model)
