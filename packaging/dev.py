"""Set up, run and test Quillhouse from source: `python3 packaging/dev.py --help`.

This file is kept so plain that even a Python too old for the rest can say so.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the sentence is for those who have less
    sys.exit(
        "Quillhouse needs Python 3.11 or newer; this is Python %d.%d."  # noqa: UP031
        % sys.version_info[:2]
    )

from command_line import main

if __name__ == "__main__":
    sys.exit(main())
