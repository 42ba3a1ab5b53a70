"""Start: `python -m app` opens the window; `--engine` and `--parser` serve a pipe.

The choice is made before Qt, llama.cpp or a reader of documents is imported, so that no process
loads the libraries of another.
"""

import gc
import sys


def main() -> int:
    """Run the window, the engine or the parser; give the exit code."""
    if sys.argv[1:2] == ["--engine"]:
        from app.engine import child  # noqa: PLC0415 - only in the engine process

        child.main(sys.argv[2:])
        return 0
    if sys.argv[1:2] == ["--parser"]:
        from app.readers import child as parser  # noqa: PLC0415 - only in the parser process

        parser.main()
        return 0
    # Until the window is there nothing becomes garbage; to look for some takes 0.05 s.
    gc.disable()
    from app.shell import start  # noqa: PLC0415 - only in the window process

    return start.main(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
