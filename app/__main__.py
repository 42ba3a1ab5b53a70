"""Start: `python -m app` opens the window, `python -m app --engine` serves the engine's pipe.

The choice is made before Qt or llama.cpp is imported, so that neither process loads the
other's libraries.
"""

import gc
import sys


def main() -> int:
    """Run the window or the engine; give the exit code."""
    if sys.argv[1:2] == ["--engine"]:
        from app.engine import child  # noqa: PLC0415 - only in the engine process

        child.main(sys.argv[2:])
        return 0
    # Until the window is there nothing becomes garbage; to look for some takes 0.05 s.
    gc.disable()
    from app.shell import start  # noqa: PLC0415 - only in the window process

    return start.main(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
