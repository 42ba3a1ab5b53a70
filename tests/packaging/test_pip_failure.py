"""What pip prints when it fails becomes a sentence."""

import pytest
from pip_failure import likely_reason

REFUSED = (
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError: Failed to"
    " establish a new connection: [Errno 111] Connection refused'\n"
    "ERROR: No matching distribution found for numpy==2.4.6"
)
COMPILE = "CMake Error at CMakeLists.txt:3\nERROR: Failed building wheel for llama_cpp_python"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (REFUSED, "connected to the internet?"),
        ("SSLError: certificate verify failed: Max retries exceeded", "set PIP_CERT"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: [Errno 13] Permission denied: '/x'", "belongs to someone else"),
        ("ERROR: No matching distribution found for numpy", "no such package for this Python"),
        ("ERROR: ResolutionImpossible: for help", "no such package for this Python"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "arrived damaged"),
        (COMPILE, "could not be compiled"),
        ("something else", "A package could not be installed."),
    ],
)
def test_the_reason_is_told(output: str, expected: str) -> None:
    assert expected in likely_reason(output)


def test_a_missing_compiler_is_told_with_how_to_get_one() -> None:
    reason = likely_reason(COMPILE, compiler_hint="run `xcode-select --install`.")
    assert "A C++ compiler is missing: run `xcode-select --install`." in reason


@pytest.mark.parametrize(
    ("cmake_args", "expected"),
    [
        ("-DGGML_CUDA=on", "CUDA toolkit"),
        ("-DGGML_VULKAN=ON", "Vulkan SDK"),
        ("-DGGML_HIP=ON", "ROCm toolkit"),
    ],
)
def test_a_failed_build_for_a_card_asks_for_its_toolkit(cmake_args: str, expected: str) -> None:
    assert expected in likely_reason(COMPILE, cmake_args=cmake_args)


def test_too_little_memory_to_compile_is_recognised() -> None:
    output = f"c++: fatal error: Killed signal terminated program cc1plus\n{COMPILE}"
    assert "not enough memory" in likely_reason(output)


def test_no_network_while_compiling_is_told_as_no_network() -> None:
    assert "internet" in likely_reason(f"{REFUSED}\n{COMPILE}")
