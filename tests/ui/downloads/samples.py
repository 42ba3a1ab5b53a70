"""Downloads in every state, as the worker would tell of them."""

from pathlib import Path

from app.core.candidate import RemoteFile
from app.core.download import Download, DownloadNote, DownloadSpec, DownloadState
from app.core.errors import ErrorCode, Facts, Failure
from app.core.hub_events import Places

GB = 1 << 30
COMMIT = "a" * 40
PLACES = Places(Path("/home/ada/.local/share/quillhouse/models"), 12 * GB, 84 * GB)


def spec(
    name: str = "Qwen3 4B Instruct", size_bytes: int = 5 * GB, **facts: object
) -> DownloadSpec:
    file = RemoteFile("Qwen3-4B-Q4_K_M.gguf", size_bytes, "f" * 64 if size_bytes else "")
    values: dict[str, object] = {
        "repo_id": "unsloth/Qwen3-4B-Instruct-2507-GGUF",
        "commit": COMMIT,
        "name": name,
        "quantization": "Q4_K_M",
        "files": (file,),
        **facts,
    }
    return DownloadSpec(**values)  # type: ignore[arg-type]


def download(
    state: DownloadState = DownloadState.DOWNLOADING,
    download_id: str = "one",
    of: DownloadSpec | None = None,
    **facts: object,
) -> Download:
    return Download(download_id, of or spec(), state, **facts)  # type: ignore[arg-type]


RUNNING = download(
    done_bytes=round(1.2 * GB), bytes_per_s=3.4 * (1 << 20), seconds_left=18 * 60 + 10
)
EVERY_STATE = (
    RUNNING,
    download(DownloadState.CHECKING, "two", spec("SmolLM3 3B", 2 * GB), done_bytes=GB),
    download(
        DownloadState.WAITING,
        "three",
        spec("Mistral Nemo 12B Instruct", 7 * GB),
        done_bytes=3 * GB,
        failure=Failure(ErrorCode.NO_CONNECTION, Facts(host="huggingface.co")),
        retry_in_s=12.0,
    ),
    download(DownloadState.PAUSED, "four", spec("Phi 4 mini", 2 * GB), done_bytes=GB),
    download(DownloadState.QUEUED, "five", spec("Gemma 3 4B", 3 * GB)),
    download(
        DownloadState.VERIFYING,
        "six",
        spec("Granite 4 micro", 2 * GB),
        done_bytes=2 * GB,
        note=DownloadNote.CHANGED_UPSTREAM,
    ),
    download(
        DownloadState.FAILED,
        "seven",
        spec("Llama 3.2 3B Instruct", 2 * GB),
        done_bytes=GB // 2,
        failure=Failure(
            ErrorCode.ACCESS_NEEDED, Facts(repo_id="meta-llama/Llama-3.2-3B-Instruct-GGUF")
        ),
    ),
    download(
        DownloadState.DONE,
        "eight",
        spec("Ministral 3 8B", 5 * GB),
        done_bytes=5 * GB,
        installed_path="/models/ministral.gguf",
        note=DownloadNote.ALREADY_HERE,
    ),
)
