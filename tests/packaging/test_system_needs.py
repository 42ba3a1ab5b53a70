"""What the system lacks is brought, or named with the line that brings it, all at once."""

from pathlib import Path

import compiler
import debian
import pytest
import system_needs
from logged_process import Finished, LoggedProcess
from setup_error import SetupError
from system_libraries import TO_DRAW, TO_OPEN_A_WINDOW


class System:
    """A system that lacks some things; installing brings them all."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.libraries: dict[str, str] = {}
        self.venv: dict[str, str] = {}
        self.ran: list[list[str]] = []
        monkeypatch.setattr(system_needs, "missing", lambda _wanted: dict(self.libraries))
        monkeypatch.setattr(system_needs, "_missing_venv", lambda: dict(self.venv))
        monkeypatch.setattr(LoggedProcess, "run", lambda _self, *a, **k: self.run(*a, **k))
        self._patch = monkeypatch
        self.be(debian_here=True, root=True, with_compiler=True)

    def be(
        self, *, debian_here: bool, root: bool, with_compiler: bool, newer: bool = False
    ) -> None:
        """Say what kind of system this is."""
        self._patch.setattr(debian, "is_here", lambda: debian_here)
        self._patch.setattr(debian, "is_root", lambda: root)
        self._patch.setattr(debian, "is_known", lambda _package: newer)
        self._patch.setattr(compiler, "is_here", lambda: with_compiler)

    def run(self, command: list[str], **_options: object) -> Finished:
        """Run apt."""
        self.ran.append(command)
        if "install" in command:
            self.libraries.clear()
            self.venv.clear()
        return Finished(0, "")


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    """A system that has everything, on Debian, as root."""
    return System(monkeypatch)


@pytest.fixture
def process(tmp_path: Path) -> LoggedProcess:
    """What apt is run with."""
    return LoggedProcess(tmp_path / "setup.log")


def test_a_system_that_has_everything_is_left_alone(
    system: System, process: LoggedProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    system_needs.provide(TO_DRAW, process)
    assert not system.ran
    assert not capsys.readouterr().out


def test_without_the_right_to_install_one_exact_line_brings_all(
    system: System, process: LoggedProcess
) -> None:
    system.be(debian_here=True, root=False, with_compiler=False)
    system.libraries = {"libEGL.so.1": "libegl1", "libxcb-cursor.so.0": "libxcb-cursor0"}
    system.venv = {"Python's venv": "python3.11-venv"}
    with pytest.raises(SetupError) as caught:
        system_needs.provide({**TO_DRAW, **TO_OPEN_A_WINDOW}, process)
    text = str(caught.value)
    assert "libEGL.so.1, libxcb-cursor.so.0, Python's venv, a C++ compiler" in text
    packages = "libegl1 libxcb-cursor0 python3.11-venv g++"
    assert f"sudo apt-get install --yes --no-install-recommends {packages}\n" in text
    assert not system.ran


def test_a_package_is_named_once_however_many_of_its_libraries_are_missing(
    system: System, process: LoggedProcess
) -> None:
    system.be(debian_here=True, root=False, with_compiler=True)
    system.libraries = {
        name: TO_DRAW[name] for name in ("libglib-2.0.so.0", "libgthread-2.0.so.0")
    }
    with pytest.raises(SetupError) as caught:
        system_needs.provide(TO_DRAW, process)
    assert str(caught.value).count("libglib2.0-0") == 1


def test_newer_releases_get_the_newer_names_of_packages() -> None:
    wanted = ["libegl1", "libglib2.0-0"]
    assert debian.present_names(wanted, lambda _name: True) == ["libegl1", "libglib2.0-0t64"]
    assert debian.present_names(wanted, lambda _name: False) == wanted


def test_root_on_debian_gets_everything_installed_after_an_update(
    system: System, process: LoggedProcess
) -> None:
    system.be(debian_here=True, root=True, with_compiler=False, newer=True)
    system.libraries = {"libglib-2.0.so.0": "libglib2.0-0"}
    system_needs.provide(TO_DRAW, process)
    assert system.ran[0] == ["apt-get", "update"]
    assert system.ran[1][:2] == ["apt-get", "install"]
    assert {"libglib2.0-0t64", "g++"} <= set(system.ran[1])


def test_an_installation_that_fails_names_its_command(
    process: LoggedProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LoggedProcess, "run", lambda *_a, **_k: Finished(100, "E: no such"))
    with pytest.raises(SetupError, match=r"apt-get install .* libegl1"):
        debian.install(["libegl1"], process)


def test_what_is_still_missing_after_the_installation_is_named(
    system: System, process: LoggedProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    system.libraries = {"libEGL.so.1": "libegl1"}
    monkeypatch.setattr(LoggedProcess, "run", lambda *_a, **_k: Finished(0, ""))
    with pytest.raises(SetupError, match=r"could not be installed: libEGL\.so\.1"):
        system_needs.provide(TO_DRAW, process)


def test_other_systems_are_told_the_names_of_the_libraries(
    system: System, process: LoggedProcess
) -> None:
    system.be(debian_here=False, root=True, with_compiler=True)
    system.libraries = {"libxcb-cursor.so.0": "libxcb-cursor0"}
    with pytest.raises(SetupError, match="package manager") as caught:
        system_needs.provide(TO_OPEN_A_WINDOW, process)
    assert "libxcb-cursor.so.0" in str(caught.value)
    assert "apt" not in str(caught.value)


def test_a_missing_compiler_alone_is_told_but_does_not_stop(
    system: System, process: LoggedProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    system.be(debian_here=True, root=False, with_compiler=False)
    system_needs.provide(TO_DRAW, process)
    said = capsys.readouterr().out
    assert "a C++ compiler" in said
    assert "g++" in said
    assert not system.ran


def test_a_compiler_is_looked_for_where_programs_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", "")
    assert not compiler.is_here()
    assert "g++" in compiler.hint()


def test_python_here_can_make_environments() -> None:
    assert not system_needs._missing_venv()
