"""The page of a model that can be had: what it is, what it takes here, and how to get it."""

from dataclasses import replace

from PySide6.QtCore import Slot

from app.core.candidate import RemoteFile
from app.core.fit.choice import Verdict
from app.core.fit_events import Outlook
from app.core.model import ModelFile
from app.ui.catalogue.about_card import AboutCard
from app.ui.catalogue.advice_card import AdviceCard
from app.ui.catalogue.get_bar import Access, GetBar
from app.ui.catalogue.licence_card import LicenceCard
from app.ui.catalogue.makers_card import MakersCard
from app.ui.catalogue.memory_card import MemoryCard
from app.ui.catalogue.notice_card import NoticeCard
from app.ui.catalogue.offering import Offering
from app.ui.catalogue.offering_words import sentence_words
from app.ui.catalogue.page_notice import PageFacts, notice_of
from app.ui.catalogue.projector_part import ProjectorPart
from app.ui.catalogue.shelf import Entry
from app.ui.catalogue.speed_card import SpeedCard
from app.ui.catalogue.version_chooser import VersionChooser
from app.ui.theme import Theme
from app.ui.verdict_words import STATE_TONES, state_words, verdict_sentence
from app.ui.widgets.labels import breakable, label
from app.ui.widgets.section_column import LinkActivated
from app.ui.widgets.side_panel import SidePanel
from app.worker.signal_types import signal, signal_of


class CandidatePanel(SidePanel):
    """The panel at the side of the list of models to be found.

    Signals:
        version_chosen: speak of this version from now on.
        model_chosen: look at this file, of another model.
        notice_chosen: a button at the top was pressed; carries its key.
        card_requested: read what its makers say.
        page_requested: open its page on the Hub.
        link_requested: follow a link.
        measure_requested: measure this computer.
        download_requested: put the version into the queue.
        follow_requested: show the page of downloads.
        use_requested: use the file that is here.
    """

    version_chosen = signal_of(ModelFile)
    model_chosen = signal_of(ModelFile)
    notice_chosen = signal_of(str)
    card_requested = signal()
    page_requested = signal()
    link_requested = signal_of(LinkActivated)
    measure_requested = signal()
    download_requested = signal()
    follow_requested = signal()
    use_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._key = ""
        self._sentence = label("", wraps=True)
        self._verdict_text = label("", "dim", wraps=True)
        self._notice = NoticeCard(theme)
        self._advice = AdviceCard(theme)
        self._versions_title = label(self.tr("How much quality to keep"), "strong", wraps=True)
        self._versions = VersionChooser(theme)
        self._projector = ProjectorPart(theme)
        self._memory, self._speed = MemoryCard(theme), SpeedCard(theme)
        self._about, self._licence = AboutCard(theme), LicenceCard(theme)
        self._makers = MakersCard(theme)
        self._get = GetBar(theme)
        self._offering: Offering | None = None
        self._access = Access()
        self.fill(
            (
                self._sentence,
                self._verdict_text,
                self._notice,
                self._advice,
                self._versions_title,
                self._versions,
                self._projector,
                self._licence,
                self._about,
                self._memory,
                self._speed,
                self._makers,
            ),
            self._get,
        )
        self._connect()

    def _connect(self) -> None:
        self._notice.chosen.connect(self.notice_chosen.emit)
        self._advice.alternative_chosen.connect(self._on_alternative)
        self._versions.chosen.connect(self.version_chosen.emit)
        self._projector.changed.connect(self._show_get)
        self._speed.measure_requested.connect(self.measure_requested.emit)
        self._about.page_requested.connect(self.page_requested.emit)
        self._licence.link_requested.connect(self.link_requested.emit)
        self._makers.card_requested.connect(self.card_requested.emit)
        self._makers.link_requested.connect(self.link_requested.emit)
        self._get.download_requested.connect(self.download_requested.emit)
        self._get.follow_requested.connect(self.follow_requested.emit)
        self._get.use_requested.connect(self.use_requested.emit)

    @property
    def projector(self) -> RemoteFile | None:
        """What is to be downloaded besides the model; None if nothing."""
        return self._projector.chosen

    def show_offering(
        self,
        offering: Offering,
        facts: PageFacts,
        access: Access,
        outlook: Outlook | None,
        other: Entry | None,
    ) -> None:
        """Show a model.

        Args:
            offering: the model.
            facts: what is known of asking the Hub about it.
            access: what stands between the user and a download.
            outlook: of this computer; None while it is not known.
            other: the model that is recommended here; None if there is none.
        """
        candidate = offering.candidate
        if self._key != offering.key:
            self._key = offering.key
            self.area.verticalScrollBar().setValue(0)
        self._offering, self._access = offering, access
        self.setAccessibleName(self.tr("Details of {name}").format(name=candidate.name))
        self.name.setText(breakable(candidate.name))
        self._sentence.setText(breakable(sentence_words(offering)))
        self._about.show_candidate(candidate)
        self._licence.show_candidate(candidate)
        self._projector.show_candidate(candidate)
        self._show_versions(offering)
        self._show_verdict(offering.verdict, outlook, other)
        self._show_notice(facts)
        self._show_card(facts)
        self._show_get()

    def _show_versions(self, offering: Offering) -> None:
        entry = offering.as_entry()
        has_choice = entry is not None and not offering.is_unfit
        self._versions.setVisible(has_choice)
        self._versions_title.setVisible(has_choice and len(offering.versions.models) > 1)
        if entry is not None:
            self._versions.show_entry(entry)

    def _show_verdict(
        self, verdict: Verdict | None, outlook: Outlook | None, other: Entry | None
    ) -> None:
        for part in (self.badge, self._memory, self._speed):
            part.setVisible(verdict is not None)
        if verdict is None or self._offering is None:
            text = self.tr("Nothing can be said about its memory and speed yet.")
            self._verdict_text.setText(text)
            self._verdict_text.setHidden(self._offering is not None and self._offering.is_unfit)
            self._advice.hide()
            return
        self._verdict_text.show()
        self.badge.say(state_words(verdict.state), STATE_TONES[verdict.state])
        self._verdict_text.setText(verdict_sentence(verdict))
        self._memory.show_verdict(verdict)
        if self._offering.candidate.is_shape_exact:
            self._memory.show_unasked()
        else:
            self._memory.show_similar()
        is_measured = outlook is not None and outlook.knowledge.calibration is not None
        self._speed.show_speed(verdict.speed, is_measured=is_measured)
        entry = self._offering.as_entry()
        if outlook is not None and entry is not None:
            self._advice.show_advice(entry, verdict, outlook, other)

    def _show_notice(self, facts: PageFacts) -> None:
        notice = None
        if self._offering is not None:
            notice = notice_of(self._offering, facts, self._access)
        if notice is None:
            self._notice.say_nothing()
        else:
            self._notice.say(notice.tone, notice.title, notice.text, notice.choices)

    def _show_card(self, facts: PageFacts) -> None:
        if facts.card is not None:
            self._makers.show_text(facts.card)
        elif facts.is_card_reading:
            self._makers.show_reading()
        else:
            self._makers.show_nothing()

    @Slot()
    def _show_get(self) -> None:
        """Let the button say what is downloaded in all."""
        if self._offering is None:
            return
        projector = self._projector.chosen
        further_bytes = projector.size_bytes if projector is not None else 0
        access = replace(self._access, further_bytes=further_bytes)
        self._get.show_choice(self._offering, access)

    @Slot(object)
    def _on_alternative(self, model: ModelFile) -> None:
        """Show another version, or another model."""
        versions = self._offering.versions if self._offering is not None else None
        is_own = versions is not None and versions.find(model.path) is not None
        (self.version_chosen if is_own else self.model_chosen).emit(model)
