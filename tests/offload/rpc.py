"""llama.cpp's RPC backend as a plug-in of the installed library, on this computer only.

A server process lends its processor as a graphics card, once or several times over; the engine
process sees devices of the type "GPU" and goes through all that it does for a real one.
"""

import ctypes
import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

PLUGIN_VARIABLE = "QUILLHOUSE_OFFLOAD_PLUGIN"
"""Path of the plug-in; set by `packaging/dev.py test-offload`."""
LOOPBACK = "127.0.0.1"
"""The backend asks nobody for a password, so nobody else may reach it."""
N_SERVER_THREADS = 1
"""As many as the processor takes in these tests: sums then come out in the same order."""


def plugin_path() -> Path:
    """Where the plug-in is."""
    return Path(os.environ[PLUGIN_VARIABLE])


def add_devices(endpoint: str) -> None:
    """Give the library of this process the devices of a server."""
    add = _plugin_function("ggml_backend_rpc_add_server", ctypes.c_void_p, ctypes.c_char_p)
    registry = add(endpoint.encode())
    assert registry, f"no devices at {endpoint}"
    _ggml("ggml_backend_register", None, ctypes.c_void_p)(registry)


def serve_devices(endpoint: str, n_devices: int) -> None:
    """Lend the processor `n_devices` times over; does not come back."""
    processor = _ggml("ggml_backend_dev_by_type", ctypes.c_void_p, ctypes.c_int)(0)
    start = _plugin_function(
        "ggml_backend_rpc_start_server",
        None,
        ctypes.c_char_p,
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_size_t,
        ctypes.c_void_p,
    )
    devices = (ctypes.c_void_p * n_devices)(*[processor] * n_devices)
    start(endpoint.encode(), None, N_SERVER_THREADS, n_devices, ctypes.addressof(devices))


def _ggml(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Give a function of the library's own ggml."""
    from llama_cpp import llama_cpp as native  # noqa: PLC0415 - not in the process of the tests

    return ctypes.CFUNCTYPE(result, *arguments)((name, native._lib))


def _plugin_function(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Give a function of the plug-in."""
    address = _ggml(
        "ggml_backend_reg_get_proc_address", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p
    )
    found = address(load_plugin(), name.encode())
    assert found, f"the plug-in has no {name}"
    return ctypes.CFUNCTYPE(result, *arguments)(found)


@functools.cache
def load_plugin() -> int:
    """Load the plug-in into the library of this process; give its handle."""
    loaded = _ggml("ggml_backend_load", ctypes.c_void_p, ctypes.c_char_p)
    handle: int | None = loaded(os.fsencode(plugin_path()))
    assert handle, f"{plugin_path()} cannot be loaded"
    return handle
