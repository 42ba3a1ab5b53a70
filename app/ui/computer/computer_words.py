"""What is said about this computer: power, graphics, and what to do about them."""

from PySide6.QtCore import QCoreApplication

from app.core.computer import Computer, DeviceKind, Power, PowerMode, System, UnusedCard
from app.core.translation import QT_TRANSLATE_NOOP
from app.ui.quantities import count_text

translate = QCoreApplication.translate

POWER_MODES = {
    PowerMode.SAVING: QT_TRANSLATE_NOOP(
        "computer",
        "The system saves power, so models are slower. Another power mode makes them faster.",
    ),
    PowerMode.BALANCED: QT_TRANSLATE_NOOP(
        "computer", "The system balances power and speed; models run at their usual speed."
    ),
    PowerMode.PERFORMANCE: QT_TRANSLATE_NOOP(
        "computer", "The system is set to speed; models run as fast as they can."
    ),
    PowerMode.UNKNOWN: QT_TRANSLATE_NOOP(
        "computer", "The system does not say whether it saves power."
    ),
}
KINDS = {
    DeviceKind.PROCESSOR: QT_TRANSLATE_NOOP("computer", "Processor"),
    DeviceKind.GRAPHICS_CARD: QT_TRANSLATE_NOOP("computer", "Graphics card"),
    DeviceKind.INTEGRATED_GRAPHICS: QT_TRANSLATE_NOOP("computer", "Graphics in the processor"),
    DeviceKind.ACCELERATOR: QT_TRANSLATE_NOOP("computer", "Accelerator"),
}
VENDORS = {"nvidia": "NVIDIA", "amd": "AMD", "intel": "Intel", "apple": "Apple"}
_SWITCHES = {"nvidia": "GGML_CUDA", "apple": "GGML_METAL"}
_ANY_CARD = "GGML_VULKAN"
_NEEDED = {
    "nvidia": QT_TRANSLATE_NOOP("computer", "The CUDA toolkit from NVIDIA must be installed."),
    "apple": QT_TRANSLATE_NOOP("computer", "Nothing else has to be installed."),
}
_NEEDED_FOR_ANY = QT_TRANSLATE_NOOP("computer", "The Vulkan SDK must be installed.")
FAST_SETS = frozenset({"AVX2", "AVX512", "AVX_VNNI", "NEON", "DOTPROD", "I8MM"})
"""With one of these a processor goes through weights as fast as its memory gives them."""


def power_mode_words(mode: PowerMode) -> str:
    """Say what a power mode means for models."""
    return translate("computer", POWER_MODES[mode])


def kind_words(kind: DeviceKind) -> str:
    """Name a kind of device."""
    return translate("computer", KINDS[kind])


def power_words(power: Power) -> str:
    """Say where the power comes from; empty where there is no battery."""
    if power.is_on_battery is None:
        return ""
    if not power.is_on_battery:
        return translate("computer", "Plugged in.")
    if power.battery_percent is None:
        return translate("computer", "On battery. Plugged in, models are often faster.")
    return translate(
        "computer", "On battery, {percent} % full. Plugged in, models are often faster."
    ).format(percent=count_text(power.battery_percent))


def cores_words(computer: Computer) -> str:
    """Say how many cores there are, and how many of them are fast."""
    processor = computer.processor
    if processor.n_fast_cores < processor.n_cores:
        return translate("computer", "{n} cores, {n_fast} of them fast ones").format(
            n=count_text(processor.n_cores), n_fast=count_text(processor.n_fast_cores)
        )
    return translate("computer", "{n} cores").format(n=count_text(processor.n_cores))


def is_slow_processor(computer: Computer) -> bool:
    """Whether the processor lacks what models need to run fast; unknown ones are fine."""
    sets = set(computer.processor.instruction_sets)
    return bool(computer.processor.description) and not sets & FAST_SETS


def unused_words(card: UnusedCard) -> str:
    """Say that a card is there but not used."""
    vendor = VENDORS.get(card.vendor)
    if vendor is None:
        return translate(
            "computer",
            "You have a graphics card that this build of Quillhouse cannot compute on.",
        )
    return translate(
        "computer", "You have a card from {vendor}, but this build computes on the processor."
    ).format(vendor=vendor)


def needed_words(card: UnusedCard) -> str:
    """Say what must be installed first to use a card."""
    return translate("computer", _NEEDED.get(card.vendor, _NEEDED_FOR_ANY))


def build_command(card: UnusedCard, system: System) -> str:
    """Give the command that builds the engine for a card, as in the README."""
    switch = f"-D{_SWITCHES.get(card.vendor, _ANY_CARD)}=on"
    if system is System.WINDOWS:
        return f'$env:CMAKE_ARGS="{switch}"; py packaging\\dev.py run'
    return f'CMAKE_ARGS="{switch}" python3 packaging/dev.py run'
