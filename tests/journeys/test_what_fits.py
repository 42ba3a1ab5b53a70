"""What fits on this computer, with the real window, engine and store."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider

from app.worker import hardware_worker
from tests.journeys.user import User
from tests.phantom_models import write_phantom

TRIES = 5


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the computer count as quiet, whatever else runs on the machine of the tests."""
    monkeypatch.setattr(hardware_worker, "others_busy_fraction", lambda _: 0.0)


def measures_until_it_counts(user: User) -> None:
    """Measure again while other programs take the processor: such a measurement stays a guess."""
    again = "Measure again (about 3 seconds)"
    user.until(lambda: "guesses" not in user.screen())
    for _ in range(TRIES):
        if "Guessed from the kind of processor" not in user.screen():
            return
        user.clicks("This computer")
        user.clicks(again)
        user.until(lambda: user.button(again))
        user.clicks("Models")


def test_a_model_is_judged_measured_and_checked_with_the_engine(user: User) -> None:
    user.waits_for_the_model()
    user.clicks("Models")
    user.chooses("On this computer")
    user.sees("Runs well here")
    user.clicks("Details of Starter")
    measures_until_it_counts(user)
    user.sees("From the measurement of this computer")
    user.sees("Memory on this computer")
    user.sees("Checked with the engine")
    user.sees("Computing:")


def test_a_model_that_is_too_big_says_by_how_much_and_the_present_one_stays(
    user: User, tmp_path: Path
) -> None:
    user.waits_for_the_model()
    loaded = list(user.loaded)
    path = write_phantom(tmp_path, "glm-4.5-air", "Q8_0", with_vocabulary=True)
    user.drops(path, user.window)
    user.sees("Not enough memory")
    user.sees("It needs at least")
    user.sees("Starter")
    user.sends("Hello")
    user.sees("Hello")
    assert user.loaded == loaded


def test_how_much_a_model_remembers_is_chosen_seen_and_kept(user: User) -> None:
    user.waits_for_the_model()
    user.clicks("Models")
    user.chooses("On this computer")
    user.clicks("Details of Starter")
    user.sees("How much it remembers")
    (slider,) = [one for one in user.window.findChildren(QSlider) if one.isVisible()]
    slider.setFocus()
    user.presses(Qt.Key.Key_Home)
    user.sees("2,048 tokens" if "2,048" in user.screen() else "2048 tokens")
    user.closes()

    user.starts_again()
    user.until(lambda: user.loaded)
    assert user.loaded[0].placement.n_ctx == 2048
