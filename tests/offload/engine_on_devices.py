"""The engine process of the app, with the devices of a server besides its own.

Run: `python -m tests.offload.engine_on_devices ENDPOINT [...]`; what follows is for the engine.
"""

import sys

from app.engine import child
from tests.offload import rpc

if __name__ == "__main__":
    rpc.add_devices(sys.argv[1])
    child.main(sys.argv[2:])
