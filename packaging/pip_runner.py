"""pip, with all versions fixed and its failures told in a sentence."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import compiler
from logged_process import Finished, LoggedProcess
from pip_failure import likely_reason
from setup_error import SetupError

SHOWN_LINES = 12


def first_error(output: str) -> list[str]:
    """Give the lines where the trouble begins; pip's last ones only repeat that there was some."""
    lines = output.splitlines()
    errors = [number for number, line in enumerate(lines) if "error" in line.lower()]
    begin = errors[0] if errors else -SHOWN_LINES
    return lines[begin:][:SHOWN_LINES]


@dataclass(frozen=True, slots=True)
class PipRunner:
    """Runs the pip of one environment.

    Attributes:
        python: of the environment.
        constraints: file with the exact version of every package.
        process: runs it.
    """

    python: Path
    constraints: Path
    process: LoggedProcess

    def install(self, *arguments: str, variables: Mapping[str, str] | None = None) -> None:
        """Install packages.

        Args:
            arguments: packages and options.
            variables: environment variables besides those of this process.

        Raises:
            SetupError: pip failed; says what is probably missing.
        """
        exact = ["--prefer-binary", "--constraint", str(self.constraints)]
        self._run(["install", *exact, *arguments], variables or {})

    def download(self, package: str, folder: Path) -> None:
        """Put the file of a package, without what it depends on, into a folder.

        Raises:
            SetupError: pip failed; says what is probably missing.
        """
        self._run(["download", "--no-deps", "--dest", str(folder), package], {})

    def download_source(self, package: str, folder: Path) -> None:
        """Put the source of a package into a folder, though there may be a file ready-made.

        Raises:
            SetupError: pip failed; says what is probably missing.
        """
        # Of this one only: what pip needs to look at the source may come ready-made.
        source_of = ["--no-binary", package.partition("==")[0]]
        self._run(["download", "--no-deps", *source_of, "--dest", str(folder), package], {})

    def _run(self, arguments: list[str], variables: Mapping[str, str]) -> None:
        options = ["--disable-pip-version-check", "--no-input"]
        # Somebody's habit of installing for the user makes pip refuse to work in here.
        done = self.process.run(
            [str(self.python), "-m", "pip", *options, *arguments],
            variables={"PIP_USER": "0", **variables},
        )
        if done.code:
            self._fail(done, variables.get("CMAKE_ARGS", ""))

    def _fail(self, done: Finished, cmake_args: str) -> None:
        print("\n".join(first_error(done.output)), file=sys.stderr)
        hint = None if compiler.is_here() else compiler.hint()
        reason = likely_reason(done.output, cmake_args=cmake_args, compiler_hint=hint)
        raise SetupError(f"{reason} The whole log is in {self.process.log}.")
