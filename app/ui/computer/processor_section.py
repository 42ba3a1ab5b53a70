"""The processor, and what the power supply does to its speed."""

from PySide6.QtCore import QCoreApplication

from app.core.computer import Computer, PowerMode
from app.ui.computer.computer_words import (
    cores_words,
    is_slow_processor,
    power_mode_words,
    power_words,
)
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.info_card import InfoCard
from app.ui.widgets.labels import label


class ProcessorSection(InfoCard):
    """Name, cores, and a word about what it knows; battery and power mode."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme, QCoreApplication.translate("ProcessorSection", "Processor and power"), "heading"
        )
        self._name = label("", wraps=True)
        self._cores = label("", "dim", wraps=True)
        self._sets = IconLine(theme, "dim")
        self._power = IconLine(theme, "dim", "power")
        for part in (self._name, self._cores, self._sets, self._power):
            self.column.addWidget(part)

    def show_computer(self, computer: Computer) -> None:
        """Show the processor of a computer."""
        processor = computer.processor
        self._name.setText(processor.description or self.tr("A processor without a name"))
        self._cores.setText(cores_words(computer))
        names = ", ".join(processor.instruction_sets)
        if is_slow_processor(computer):
            self._sets.say(
                Tone.WARN,
                self.tr(
                    "An older kind, without wide arithmetic (AVX2): models run slowly on it. Small"
                    " models are the better choice."
                ),
            )
        else:
            text = self.tr("Has what models need to run fast ({names}).").format(names=names)
            self._sets.say(Tone.GOOD, text if names else "")
        power = computer.power
        parts = [power_words(power)]
        if power.mode is not PowerMode.UNKNOWN or power.is_on_battery is not None:
            parts.append(power_mode_words(power.mode))
        is_saving = power.mode is PowerMode.SAVING
        text = " ".join(part for part in parts if part)
        self._power.say(Tone.WARN if is_saving else Tone.PLAIN, text)
