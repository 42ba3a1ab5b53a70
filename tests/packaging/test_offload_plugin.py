"""The plug-in for the tests of offloading: what is taken, how it is compiled, and when not."""

import io
import shutil
import tarfile
from pathlib import Path

import compiler
import environment
import offload_plugin
import pytest
from logged_process import LoggedProcess
from pip_runner import PipRunner
from setup_error import SetupError

from tests.offload import rpc

PACKAGE = "llama_cpp_python-0.0.1"
GGML = f"{PACKAGE}/vendor/llama.cpp/ggml"


def archive(path: Path, *names: str) -> Path:
    """A source archive whose files hold their own names."""
    with tarfile.open(path, "w:gz") as file:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(name.encode())
            file.addfile(member, io.BytesIO(name.encode()))
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything happens in here."""
    monkeypatch.setattr(offload_plugin, "FOLDER", tmp_path)
    monkeypatch.setattr(offload_plugin, "SOURCE", tmp_path / "ggml")
    monkeypatch.setattr(offload_plugin, "PLUGIN", tmp_path / "libplugin.so")
    return tmp_path


def test_the_tests_look_for_the_plugin_where_the_command_says() -> None:
    assert rpc.PLUGIN_VARIABLE == offload_plugin.VARIABLE


def test_only_what_is_needed_is_unpacked_and_nothing_outside(tmp_path: Path) -> None:
    wanted = ["include/ggml.h", "src/ggml-impl.h", "src/ggml-rpc/ggml-rpc.cpp"]
    others = [
        f"{GGML}/src/ggml-cpu/quants.h",
        f"{GGML}/src/ggml-cuda/ggml-rpc/x.cpp",
        f"{GGML}/src/../../../../../evil.h",
        f"{GGML}/include/../src/../../evil.h",
        f"{PACKAGE}/vendor/llama.cpp/include/llama.h",
        f"{PACKAGE}/README.md",
    ]
    source = archive(tmp_path / "x.tar.gz", *(f"{GGML}/{name}" for name in wanted), *others)
    offload_plugin.unpack(source, tmp_path / "deep" / "er" / "ggml")
    found = [path for path in (tmp_path / "deep").rglob("*") if path.is_file()]
    names = [path.relative_to(tmp_path / "deep" / "er" / "ggml").as_posix() for path in found]
    assert sorted(names) == sorted(wanted)
    assert {path.name for path in tmp_path.iterdir()} == {"x.tar.gz", "deep"}


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_a_damaged_or_wrong_archive_is_refused(tmp_path: Path, content: bytes | None) -> None:
    source = archive(tmp_path / "x.tar.gz", f"{PACKAGE}/README.md")
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(SetupError):
        offload_plugin.unpack(source, tmp_path / "ggml")


def test_an_archive_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    source = archive(tmp_path / "x.tar.gz", *(f"{GGML}/include/{n}.h" for n in range(200)))
    source.write_bytes(source.read_bytes()[:-200])
    with pytest.raises(SetupError):
        offload_plugin.unpack(source, tmp_path / "ggml")


class PipWithSource(PipRunner):
    """A pip whose index has the source of one package."""

    def download_source(self, package: str, folder: Path) -> None:
        """Put the source there."""
        names = [f"{GGML}/src/ggml-rpc/{part}" for part in offload_plugin.PARTS]
        archive(folder / f"{package}.tar.gz", *names)


def test_of_the_source_only_what_is_needed_stays(folder: Path) -> None:
    (folder / "former.tar.gz").write_bytes(b"half of an earlier download")
    pip = PipWithSource(Path("python"), folder / "none", LoggedProcess(folder / "setup.log"))
    offload_plugin._fetch_source("llama-cpp-python-0.0.1", pip)
    assert [path.name for path in folder.iterdir()] == ["ggml"]
    kept = [path.name for path in folder.rglob("*.cpp")]
    assert sorted(kept) == sorted(offload_plugin.PARTS)


def test_a_second_run_does_nothing_and_another_engine_compiles_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = folder / "libggml-base.so"
    library.write_bytes(b"one build")
    done: list[str] = []
    monkeypatch.setattr(offload_plugin, "_engine_library", lambda: library)

    def fetch(pin: str, _pip: PipRunner) -> None:
        done.append(pin)
        for part in offload_plugin.PARTS:
            path = folder / "ggml" / "src" / "ggml-rpc" / part
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

    def compile_it(command: list[str], _process: LoggedProcess) -> None:
        done.append(command[0])
        offload_plugin.PLUGIN.touch()

    monkeypatch.setattr(offload_plugin, "_fetch_source", fetch)
    monkeypatch.setattr(offload_plugin, "_compile", compile_it)
    monkeypatch.setattr(environment, "BUILD", folder)
    monkeypatch.setattr(environment, "LOG", folder / "setup.log")
    monkeypatch.setenv("CXX", "compiler")
    for _ in range(2):
        assert offload_plugin.prepare() == offload_plugin.PLUGIN
    assert done == ["llama-cpp-python==0.3.36", "compiler"]
    library.write_bytes(b"another build")
    offload_plugin.prepare()
    assert done[2:] == ["compiler"]


@pytest.mark.skipif(not shutil.which("c++"), reason="no C++ compiler here")
def test_source_that_does_not_compile_is_told_with_the_log(folder: Path) -> None:
    command = offload_plugin.compile_command(compiler.unix_command(), folder / "no-such.so")
    process = LoggedProcess(folder / "setup.log")
    with pytest.raises(SetupError, match=r"could not be compiled.*setup\.log"):
        offload_plugin._compile(command, process)
    assert not offload_plugin.PLUGIN.exists()
