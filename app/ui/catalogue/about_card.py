"""What a model is: who made it and from what, what it remembers, speaks and can do."""

from PySide6.QtCore import QCoreApplication, Slot

from app.core.candidate import Candidate, Capability, Use
from app.ui.catalogue.offering_words import capability_words, language_words
from app.ui.quantities import count_text, large_count_text, pages_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.info_card import InfoCard
from app.ui.widgets.labels import breakable
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal

UNUSED = (Capability.VISION, Capability.AUDIO, Capability.TOOLS)
"""What models can do and this version of Quillhouse does not ask of them."""

translate = QCoreApplication.translate


class AboutCard(InfoCard):
    """Facts, each in a line; what nobody has checked says "about".

    Signals:
        page_requested: open the page of the model on the Hub.
    """

    page_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, QCoreApplication.translate("AboutCard", "About this model"))
        self._maker = IconLine(theme, "dim", "feather")
        self._size = IconLine(theme, "dim", "box")
        self._memory = IconLine(theme, "dim", "memory")
        self._languages = IconLine(theme, "dim", "message-square")
        self._abilities = IconLine(theme, "dim", "sparkles")
        self._doubt = IconLine(theme)
        words = self.tr("Its page on Hugging Face")
        button = WrappingButton(theme, words, "external-link", "quiet")
        button.clicked.connect(self._on_page)
        page = WrappingRow(theme)
        page.add(button)
        for part in (
            self._maker,
            self._size,
            self._memory,
            self._languages,
            self._abilities,
            self._doubt,
            page,
        ):
            self.column.addWidget(part)

    def show_candidate(self, candidate: Candidate) -> None:
        """Show another model."""
        self._maker.say(Tone.PLAIN, breakable(_maker_text(candidate)))
        self._size.say(Tone.PLAIN, _size_text(candidate))
        self._memory.say(Tone.PLAIN, _memory_text(candidate))
        self._languages.say(Tone.PLAIN, _languages_text(candidate))
        self._abilities.say(Tone.PLAIN, _abilities_text(candidate))
        doubt = ""
        if candidate.unverified:
            doubt = self.tr(
                "“About” means: from our list, not looked up on Hugging Face yet. Names, sizes and"
                " checksums are read from there before the download."
            )
        self._doubt.say(Tone.PLAIN, doubt)

    @Slot()
    def _on_page(self) -> None:
        """The page was asked for."""
        self.page_requested.emit()


def _maker_text(candidate: Candidate) -> str:
    parts = []
    if candidate.publisher:
        parts.append(translate("AboutCard", "Made by {maker}.").format(maker=candidate.publisher))
    if candidate.base_models:
        text = translate("AboutCard", "Made from {models}.")
        parts.append(text.format(models=", ".join(candidate.base_models)))
    text = translate("AboutCard", "Packed for programs like this one by {packer}: {repository}.")
    parts.append(text.format(packer=candidate.quantizer, repository=candidate.repo_id))
    return " ".join(parts)


def _size_text(candidate: Candidate) -> str:
    if not candidate.n_parameters:
        return ""
    number = large_count_text(candidate.n_parameters)
    if "n_parameters" in candidate.unverified:
        return translate("AboutCard", "About {n} parameters; more know more.").format(n=number)
    return translate("AboutCard", "{n} parameters; more know more.").format(n=number)


def _memory_text(candidate: Candidate) -> str:
    if not candidate.n_ctx_train:
        return ""
    text = translate("AboutCard", "Remembers up to about {pages} ({n} tokens).")
    return text.format(
        pages=pages_text(candidate.n_ctx_train), n=count_text(candidate.n_ctx_train)
    )


def _languages_text(candidate: Candidate) -> str:
    if not candidate.languages:
        return translate("AboutCard", "Its makers do not say which languages it knows.")
    text = translate("AboutCard", "Languages: {languages}.")
    return text.format(languages=language_words(candidate))


def _abilities_text(candidate: Candidate) -> str:
    if candidate.uses[:1] == (Use.EMBEDDING,):
        return translate(
            "AboutCard",
            "Finds passages in documents and cannot chat. Choose it on the page of a collection of"
            " documents, under “More”, “Search model…”.",
        )
    parts = []
    if Capability.THINKING in candidate.capabilities:
        parts.append(translate("AboutCard", "Thinks before it answers, which you can watch."))
    unused = [one for one in UNUSED if one in candidate.capabilities]
    if unused:
        text = translate(
            "AboutCard",
            "Also {abilities}: this version of Quillhouse does not use that yet, it reads and"
            " writes text only.",
        )
        words = ", ".join(capability_words(one) for one in unused)
        parts.append(text.format(abilities=words))
    return " ".join(parts)
