"""The only importer of llama_cpp: load, tokenize, read, write, save and restore.

Uses the low-level API. The library's own chat completion is avoided: it drops long tokens,
costs more with every token written and reserves logits for a whole batch. Everything here
runs in one thread; only `StopFlag.set` may be called from another.
"""

from app.engine.llama.devices import device_names, read_devices
from app.engine.llama.embedding import LlamaEmbedder
from app.engine.llama.library import EngineLog, StopFlag, engine_version
from app.engine.llama.model import LlamaModel
from app.engine.llama.survey import LlamaSurvey

__all__ = [
    "EngineLog",
    "LlamaEmbedder",
    "LlamaModel",
    "LlamaSurvey",
    "StopFlag",
    "device_names",
    "engine_version",
    "read_devices",
]
