"""Who is computing, in one line."""

from PySide6.QtCore import QCoreApplication

from app.core.events import LoadedModel
from app.core.placement import DeviceUse
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
    if use.n_layers >= n_layers:
        return translate("computing", "all on {device}").format(device=use.description)
    return translate("computing", "{n} of {total} layers on {device}").format(
        n=count_text(use.n_layers), total=count_text(n_layers), device=use.description
    )
