"""The whole way: the worker, the real engine process with other devices, a loaded model."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.placement import KvType, StepDown
from app.core.settings import SettingKey, SettingValue
from app.worker import child_process
from tests.offload.conftest import StartServer
from tests.worker.engine_rig import BRIEF, Rig

MEBIBYTE = 1 << 20
N_STARTER = 30
"""Layers of the starter; the output is one more."""


@pytest.fixture
def new_rig(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Rig]]:
    """Make workers whose engine has the devices of a server."""
    rigs = []

    def make(endpoint: str) -> Rig:
        arguments = ["-X", "faulthandler", "-m", "tests.offload.engine_on_devices", endpoint]
        monkeypatch.setattr(
            child_process, "child_command", lambda _role: (sys.executable, arguments)
        )
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


def place(rig: Rig, n_gpu_layers: int) -> None:
    """Settings as a user would make them; only the number of layers can give way."""
    settings: dict[SettingKey, SettingValue] = {
        SettingKey.N_CTX: 1024,
        SettingKey.KV_TYPE: KvType.Q8_0.value,
        SettingKey.N_GPU_LAYERS: n_gpu_layers,
    }
    rig.window.settings_changed.emit(events.SettingsChanged(settings))


def test_a_model_on_a_device_answers_with_the_same_words(
    new_rig: Callable[[str], Rig], start_server: StartServer, starter_path: Path
) -> None:
    endpoint = start_server()
    rig = new_rig(endpoint)
    place(rig, 0)
    rig.load(starter_path)
    on_processor = answer(rig, "processor")
    place(rig, N_STARTER + 1)
    rig.load(starter_path)
    assert answer(rig, "device") == on_processor
    first, second = rig.window.loaded
    assert layers_of(first) == [("CPU", 31)]
    assert first.device not in {"", endpoint}
    assert layers_of(second) == [("CPU", 0), ("RPC0", 31)]
    assert second.device == endpoint
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
    start_server: StartServer,
    starter_path: Path,
    memory_bytes: int,
    layers: list[tuple[str, int]],
    n_steps: int,
) -> None:
    rig = new_rig(start_server(memory_bytes=memory_bytes))
    place(rig, N_STARTER + 1)
    rig.load(starter_path)
    (loaded,) = rig.window.loaded
    assert layers_of(loaded) == layers
    steps = [StepDown.FEWER_GPU_LAYERS] * 4 + [StepDown.PROCESSOR_ONLY]
    assert loaded.stepped_down == tuple(steps[:n_steps])
    assert answer(rig, "a")
    assert not rig.window.troubles
