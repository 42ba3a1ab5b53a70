"""Models that can be had, made by hand, for tests and pictures."""

from dataclasses import replace

from app.core.candidate import (
    Candidate,
    Capability,
    Gate,
    RemoteFile,
    RemoteVersion,
    Use,
)
from app.core.download import Download, DownloadSpec, DownloadState
from tests.fit_samples import model

SHA = "a" * 64
EUROPE = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sv", "da", "fi", "el")
TEXT = frozenset({Capability.TOOLS, Capability.THINKING})


def candidate(
    name: str,
    *,
    billions: float = 4.0,
    quantizations: tuple[str, ...] = ("Q4_K_M", "Q6_K", "Q8_0", "Q3_K_S"),
    uses: tuple[Use, ...] = (Use.CHAT,),
    sentence: str = "",
    publisher: str = "",
    licence_id: str = "apache-2.0",
    n_ctx_train: int = 131072,
    is_verified: bool = False,
    n_layers: int = 36,
    n_embedding: int = 2560,
    is_shaped: bool = True,
) -> Candidate:
    """Give a candidate of about the right size in every part."""
    slug = name.replace(" ", "-")
    shaped = model(
        name,
        "Q4_K_M",
        billions=billions,
        n_layers=n_layers,
        n_embedding=n_embedding,
        n_ctx_train=n_ctx_train,
    )
    sizes = {
        one: model(name, one, billions=billions, n_layers=n_layers).size_bytes
        for one in quantizations
    }
    sha = SHA if is_verified else ""
    return Candidate(
        f"packers/{slug}-GGUF",
        name,
        publisher,
        sentence,
        "qwen3",
        round(billions * 1e9),
        n_ctx_train,
        licence_id,
        uses=uses,
        capabilities=TEXT,
        languages=EUROPE,
        versions=tuple(
            RemoteVersion(one, (RemoteFile(f"{slug}-{one}.gguf", size, sha),))
            for one, size in sizes.items()
        ),
        base_models=(f"makers/{slug}",),
        commit="c" * 40 if is_verified else "",
        shape=shaped.shape if is_shaped else None,
        shape_bytes=shaped.size_bytes if is_shaped else 0,
        unverified=frozenset() if is_verified else frozenset({"size", "sha256", "commit"}),
        is_curated=bool(sentence),
    )


QWEN = candidate(
    "Qwen3.5 4B",
    uses=(Use.CHAT, Use.DOCUMENTS, Use.WRITING),
    sentence="Handles everyday questions, letters and long documents on an ordinary laptop;"
    " mixes up details, so check facts.",
    publisher="Alibaba",
)
GRANITE = candidate(
    "Granite 4.1 3B",
    billions=3.4,
    uses=(Use.DOCUMENTS, Use.CHAT),
    sentence="Sober and quick with contracts and minutes; little sense for style.",
    publisher="IBM",
)
NEMO = candidate(
    "Mistral Nemo 12B",
    billions=12.2,
    n_layers=40,
    n_embedding=5120,
    uses=(Use.WRITING,),
    sentence="Writes well in eleven languages; knows nothing of the last two years.",
    publisher="Mistral AI",
)
HUGE = candidate(
    "Qwen3.6 32B",
    billions=32.8,
    n_layers=64,
    n_embedding=5120,
    uses=(Use.CHAT,),
    sentence="Knows more and reasons better; needs a large computer.",
    publisher="Alibaba",
)
CODER = replace(
    candidate(
        "Qwen2.5 Coder 3B",
        billions=3.1,
        uses=(Use.CODE,),
        sentence="Good at small programs and formulas for spreadsheets.",
        publisher="Alibaba",
        licence_id="other",
    ),
    licence_name="qwen-research",
)
SEER = replace(
    candidate(
        "Gemma 4 E2B",
        billions=5.1,
        uses=(Use.VISION, Use.CHAT),
        sentence="Describes photographs and reads forms; small, so often wrong in detail.",
        publisher="Google",
    ),
    capabilities=TEXT | {Capability.VISION},
    projectors=(RemoteFile("mmproj-F16.gguf", 940_000_000),),
)
FINDER = candidate(
    "EmbeddingGemma 300M",
    billions=0.3,
    n_layers=24,
    n_embedding=768,
    quantizations=("Q8_0",),
    uses=(Use.EMBEDDING,),
    sentence="Finds passages in documents in a hundred languages; cannot chat.",
    publisher="Google",
    licence_id="gemma",
    n_ctx_train=2048,
)
GATED = replace(
    candidate(
        "Gated 8B",
        billions=8.0,
        uses=(Use.CHAT,),
        sentence="A model whose publisher wants to be asked first.",
        publisher="Meta",
        licence_id="llama3.1",
    ),
    gate=Gate.MANUAL,
)
CATALOGUE = (QWEN, HUGE, GRANITE, NEMO, CODER, SEER, FINDER, GATED)
FOUND = (
    replace(
        candidate("Tiny Aya 3B", billions=3.2, licence_id="cc-by-nc-4.0", is_verified=True),
        n_downloads=12_400,
        updated_on="2026-10-30",
        sentence="",
    ),
    replace(
        candidate("Unknown-Thing-7B-abliterated-v2-heretic", licence_id="", is_shaped=False),
        versions=(),
        n_downloads=3,
        n_ctx_train=0,
        n_parameters=0,
        languages=(),
        sentence="",
    ),
)


def download(
    of: Candidate, fraction: float = 0.42, state: DownloadState = DownloadState.DOWNLOADING
) -> Download:
    """Give a download of the first version of a candidate."""
    version = of.versions[0]
    spec = DownloadSpec(of.repo_id, "c" * 40, of.name, version.quantization, version.files)
    return Download("1", spec, state, round(version.size_bytes * fraction), 3.4e6)
