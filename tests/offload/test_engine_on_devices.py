"""The whole way: the worker, the real engine process with other devices, a loaded model."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.placement import KvType, Placement, StepDown
from app.worker import engine_process, engine_worker
from tests.offload.conftest import StartServer
from tests.worker.engine_rig import BRIEF, Rig

ON_PROCESSOR = Placement(n_ctx=1024)
ALL_LAYERS = replace(ON_PROCESSOR, devices=("RPC0",), device_layers=(31,))
MEBIBYTE = 1 << 20

Place = Callable[[Placement], None]


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    """Say how the next models are placed, in place of the choice that the worker makes."""

    def by(placement: Placement) -> None:
        monkeypatch.setattr(engine_worker, "automatic_placement", lambda *_: placement)

    return by


@pytest.fixture
def new_rig(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Rig]]:
    """Make workers whose engine has the devices of a server."""
    rigs = []

    def make(endpoint: str) -> Rig:
        arguments = ["-X", "faulthandler", "-m", "tests.offload.engine_on_devices", endpoint]
        monkeypatch.setattr(engine_process, "engine_command", lambda: (sys.executable, arguments))
        rigs.append(Rig(qtbot, tmp_path))
        return rigs[-1]

    yield make
    for rig in rigs:
        assert rig.close()


def answer(rig: Rig, answer_id: str) -> str:
    rig.window.ask(answer_id, BRIEF, chat=f"chat-{answer_id}")
    rig.wait_for_outcome(answer_id)
    assert answer_id in rig.window.finished, rig.window.failed
    return rig.window.texts[answer_id]


def layers_of(loaded: events.LoadedModel) -> list[tuple[str, int]]:
    return [(use.name, use.n_layers) for use in loaded.device_uses]


def test_a_model_on_a_device_answers_with_the_same_words(
    new_rig: Callable[[str], Rig], place: Place, start_server: StartServer, starter_path: Path
) -> None:
    endpoint = start_server()
    rig = new_rig(endpoint)
    place(ALL_LAYERS)
    rig.load(starter_path)
    on_device = answer(rig, "device")
    place(ON_PROCESSOR)
    rig.load(starter_path)
    assert answer(rig, "processor") == on_device
    first, second = rig.window.loaded
    assert layers_of(first) == [("CPU", 0), ("RPC0", 31)]
    assert first.device == endpoint
    assert layers_of(second) == [("CPU", 31)]
    assert second.device not in {"", endpoint}
    assert not rig.window.troubles


@pytest.mark.parametrize(
    ("memory_bytes", "layers", "n_steps"),
    # The starter's weights take 136 MiB, with the output and half of the layers 80 MiB, and
    # with the output alone 29 MiB.
    [
        (110 * MEBIBYTE, [("CPU", 16), ("RPC0", 15)], 1),
        (20 * MEBIBYTE, [("CPU", 31)], 5),
    ],
)
def test_a_model_too_large_for_a_device_leaves_it_layer_by_layer(
    new_rig: Callable[[str], Rig],
    place: Place,
    start_server: StartServer,
    starter_path: Path,
    memory_bytes: int,
    layers: list[tuple[str, int]],
    n_steps: int,
) -> None:
    rig = new_rig(start_server(memory_bytes=memory_bytes))
    place(replace(ALL_LAYERS, kv_type=KvType.Q8_0))
    rig.load(starter_path)
    (loaded,) = rig.window.loaded
    assert layers_of(loaded) == layers
    steps = [StepDown.FEWER_GPU_LAYERS] * 4 + [StepDown.PROCESSOR_ONLY]
    assert loaded.stepped_down == tuple(steps[:n_steps])
    assert answer(rig, "a")
    assert not rig.window.troubles
