"""What a failed pip was probably missing, in a sentence, from what it printed."""

from typing import Final

OFFLINE: Final = (
    "connection refused",
    "failed to establish a new connection",
    "name resolution",
    "network is unreachable",
    "max retries exceeded",
    "connection broken",
    "read timed out",
    "connecttimeout",
    "nodename nor servname",
    "getaddrinfo failed",
)
NOT_FOUND_TEXT: Final = (
    "A package was not found where pip looks for it: is this computer connected to the internet?"
    " If it is, there is no such package for this Python on this kind of computer."
)
COMPILING: Final = ("failed building wheel", "failed-wheel-build", "cmake error")

DISK_FULL_TEXT: Final = "The disk is full: set-up needs about 3 GB. Make room, then start again."
OFFLINE_TEXT: Final = (
    "The packages could not be downloaded: is this computer connected to the internet?"
)
UNTRUSTED_TEXT: Final = (
    "The package index has a certificate that is not trusted here. In the network of a company,"
    " set PIP_CERT to the file with its certificates."
)

REASONS: Final = (
    (("no space left", "errno 28"), DISK_FULL_TEXT),
    (
        ("permission denied", "errno 13"),
        "The packages could not be written: this folder belongs to someone else.",
    ),
    (("certificate verify failed", "certificate_verify_failed"), UNTRUSTED_TEXT),
    (OFFLINE, OFFLINE_TEXT),
    (("do not match the hashes",), "A package arrived damaged; start again to fetch it anew."),
    (COMPILING, "The inference engine could not be compiled."),
    (
        ("no matching distribution", "resolutionimpossible"),
        NOT_FOUND_TEXT,
    ),
)
"""Signs in what pip prints, in small letters, and what they mean; the first that fits counts."""

CARDS: Final = {
    "-dggml_cuda=": "the CUDA toolkit",
    "-dggml_vulkan=": "the Vulkan SDK",
    "-dggml_hip=": "the ROCm toolkit",
}
"""What compiling for a graphics card needs, by the argument that asks for it."""


def likely_reason(output: str, *, cmake_args: str = "", compiler_hint: str | None = None) -> str:
    """Give one or two sentences for the person at the keyboard.

    Args:
        output: what pip printed.
        cmake_args: what the engine was to be built with.
        compiler_hint: how to get a C++ compiler; None if there is one.
    """
    text = output.lower()
    for signs, reason in REASONS:
        if any(sign in text for sign in signs):
            more = _why_not_compiled(text, cmake_args.lower(), compiler_hint)
            return f"{reason} {more}".strip() if signs is COMPILING else reason
    return "A package could not be installed."


def _why_not_compiled(text: str, cmake_args: str, compiler_hint: str | None) -> str:
    if compiler_hint:
        return f"A C++ compiler is missing: {compiler_hint}"
    if "killed signal" in text or "out of memory" in text:
        return (
            "There was not enough memory: close other programs, set CMAKE_BUILD_PARALLEL_LEVEL=1,"
            " then start again."
        )
    for argument, wanted in CARDS.items():
        if argument in cmake_args:
            return (
                f"Is {wanted} installed? To go back to an engine for the processor, start once"
                " with CMAKE_ARGS=none."
            )
    return ""
