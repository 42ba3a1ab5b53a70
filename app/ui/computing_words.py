"""Who is computing, in one line, and why other graphics do not."""

from PySide6.QtCore import QCoreApplication

from app.core.computer import Computer, Device
from app.core.events import LoadedModel
from app.core.fit.budget import is_shared, usable_graphics
from app.core.fit.choice import Wishes
from app.core.placement import DeviceUse, StepDown
from app.ui.quantities import count_text, threads_text

translate = QCoreApplication.translate


def computing_words(loaded: LoadedModel) -> str:
    """Say where a loaded model computes: "AMD Ryzen 7, 6 threads", or which layers are where."""
    threads = threads_text(loaded.placement.n_threads)
    busy = [use for use in loaded.device_uses if use.n_layers]
    names = set(loaded.placement.devices)
    cards = [use for use in busy if use.name in names]
    if not cards:
        return translate("computing", "{device}, {threads}").format(
            device=loaded.device, threads=threads
        )
    n_layers = sum(use.n_layers for use in busy)
    on_cards = translate("computing", ", ").join(_share_words(use, n_layers) for use in cards)
    if len(cards) == len(busy):
        return on_cards
    return translate("computing", "{cards}; the rest on the processor, {threads}").format(
        cards=on_cards, threads=threads
    )


def _share_words(use: DeviceUse, n_layers: int) -> str:
    # The engine numbers the devices of each of its backends: "CUDA0", "Vulkan1".
    backend = use.name.rstrip("0123456789")
    if use.n_layers >= n_layers:
        return translate("computing", "all on {device} ({backend})").format(
            device=use.description, backend=backend
        )
    return translate("computing", "{n} of {total} layers on {device} ({backend})").format(
        n=count_text(use.n_layers),
        total=count_text(n_layers),
        device=use.description,
        backend=backend,
    )


def idle_words(loaded: LoadedModel, computer: Computer, wishes: Wishes) -> str:
    """Say why graphics of this computer do not compute a loaded model; empty if all do."""
    graphics = usable_graphics(computer.devices)
    idle = [one for one in graphics if one.name not in loaded.placement.devices]
    has_card = any(not is_shared(device) for device in graphics)
    reasons = [
        (device.description, _reason_for(device, loaded, wishes, has_card=has_card))
        for device in idle
    ]
    cannot = translate("computing", "{card} is not used: this build cannot compute on it.")
    reasons += [(card.description, cannot) for card in computer.unused_cards if card.description]
    return " ".join(reason.format(card=name) for name, reason in reasons)


def _reason_for(device: Device, loaded: LoadedModel, wishes: Wishes, *, has_card: bool) -> str:
    if wishes.n_gpu_layers == 0:
        return translate("computing", "{card} is not used, since Settings say so.")
    if StepDown.PROCESSOR_ONLY in loaded.stepped_down:
        return translate("computing", "{card} is not used, since loading on it failed.")
    if has_card and is_shared(device):
        return translate(
            "computing", "{card} is not used: a card with memory of its own is faster."
        )
    if loaded.placement.devices:
        return translate("computing", "{card} is not needed: the model has room without it.")
    return translate(
        "computing",
        "{card} is not used: with what it had free, the processor was to answer sooner.",
    )
