"""This computer at the moment."""

from dataclasses import replace

from app.core.computer import Power, PowerMode
from app.machine.power import read_power
from app.worker.present_computer import computer_for_loading, with_present_state

FORMER = Power(is_on_battery=True, battery_percent=1, mode=PowerMode.SAVING)


def test_memory_and_power_are_those_of_now_and_the_rest_is_kept() -> None:
    present = computer_for_loading(())
    former = replace(present, memory_bytes=1, available_bytes=1, power=FORMER)
    now = with_present_state(former)
    assert (now.memory_bytes, now.processor) == (present.memory_bytes, present.processor)
    assert now.available_bytes > 1
    assert now.power == present.power == read_power()
