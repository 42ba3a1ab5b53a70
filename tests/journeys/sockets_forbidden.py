"""Runs a module of Python in a process that dies if it, or any child, makes a socket.

A filter of the Linux kernel (seccomp) that nothing can take away again: `socket()` of any kind
ends the process at once. Run as `python -m tests.journeys.sockets_forbidden MODULE ARGUMENT...`.
"""

import ctypes
import os
import platform
import runpy
import struct
import sys

SOCKET_CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""AUDIT_ARCH_... and the number of `socket` on each architecture (linux/audit.h, unistd.h)."""
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, KILL_PROCESS = 0x7FFF0000, 0x80000000
NUMBER_OFFSET, ARCHITECTURE_OFFSET = 0, 4
"""Places in `struct seccomp_data`."""


class Program(ctypes.Structure):
    """`struct sock_fprog`: a number of instructions and where they are."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def is_possible() -> bool:
    """Say whether this system has such filters."""
    return sys.platform == "linux" and platform.machine() in SOCKET_CALLS


def forbid_sockets() -> None:
    """Take the right to make sockets from this process and all that it will start.

    Raises:
        OSError: the kernel refuses the filter.
    """
    architecture, socket_call = SOCKET_CALLS[platform.machine()]
    instructions = (
        (LOAD_WORD, 0, 0, ARCHITECTURE_OFFSET),
        (JUMP_IF_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD_WORD, 0, 0, NUMBER_OFFSET),
        (JUMP_IF_EQUAL, 0, 1, socket_call),
        (RETURN, 0, 0, KILL_PROCESS),
        (RETURN, 0, 0, ALLOW),
    )
    code = b"".join(struct.pack("HBBI", *one) for one in instructions)
    program = Program(len(instructions), code)
    libc = ctypes.CDLL(None, use_errno=True)
    for call in (
        (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0),
    ):
        if libc.prctl(*call):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    forbid_sockets()
    runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
