"""A process that lends its processor as graphics cards, until its parent closes its input.

Run: `python -m tests.offload.device_server N_DEVICES [MEMORY_BYTES]`. When it can be reached it
prints its endpoint.
"""

import contextlib
import os
import resource
import socket
import sys
import threading
from typing import TextIO

import psutil

from tests.offload import rpc


def main(n_devices: int, memory_bytes: int) -> None:
    """Serve; with a limit, the devices together have about so much memory."""
    with socket.socket() as probe:
        probe.bind((rpc.LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    # What native code prints must not be taken for the endpoint.
    output = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    threading.Thread(target=_report_when_ready, args=(port, output), daemon=True).start()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    rpc.load_plugin()
    if memory_bytes:
        limit_bytes = psutil.Process().memory_info().vms + memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
    rpc.serve_devices(f"{rpc.LOOPBACK}:{port}", n_devices)


def _report_when_ready(port: int, output: TextIO) -> None:
    while True:
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection((rpc.LOOPBACK, port)).close()
            break
    print(f"{rpc.LOOPBACK}:{port}", file=output, flush=True)


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
