"""What the view of models to be found takes for here already."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.core import events
from app.core.candidate import RemoteFile, RemoteVersion
from app.core.hub_events import CatalogueShown
from app.core.origin import Origin, Program
from app.ui.catalogue.find_shelf import FindShelf
from tests.fit_samples import model
from tests.ui.catalogue.candidate_samples import QWEN

NAMES = ("M-Q4_K_M.gguf", "M-UD-Q4_K_XL.gguf", "M-Q8_0.gguf")
TRICKY = replace(
    QWEN,
    versions=tuple(
        RemoteVersion(name[2:].removesuffix(".gguf"), (RemoteFile(name, 1 << 30),))
        for name in NAMES
    ),
)


@pytest.mark.parametrize(
    ("file_name", "quantization", "here"),
    [
        ("M-Q4_K_M.gguf", "Q4_K_M", "M-Q4_K_M.gguf"),
        # The header knows nothing of what is done to single tensors.
        ("M-UD-Q4_K_XL.gguf", "Q4_K_M", "M-UD-Q4_K_XL.gguf"),
        ("renamed-ud-q4_k_xl.gguf", "Q4_K_M", "M-UD-Q4_K_XL.gguf"),
        # A blob of Ollama has no name that tells.
        ("sha256-0f3a", "Q8_0", "M-Q8_0.gguf"),
        ("M-Q5_K_M.gguf", "Q5_K_M", ""),
    ],
)
def test_a_file_is_taken_for_the_version_that_it_is(
    file_name: str, quantization: str, here: str
) -> None:
    path = Path("/models", file_name)
    file = replace(model("M", quantization), path=path, quantization=quantization)
    shelf = FindShelf()
    shelf.take_catalogue(CatalogueShown((TRICKY,)))
    origins = {path: Origin(Program.LM_STUDIO, TRICKY.repo_id)}
    shelf.take_library(events.Library((file,), (), None, origins))
    found = []
    for version in TRICKY.versions:
        shelf.choose(TRICKY.repo_id, Path(TRICKY.repo_id, version.files[0].path))
        offering = shelf.offering(TRICKY.repo_id)
        assert offering is not None
        if offering.installed is not None:
            found.append(version.files[0].path)
    assert found == [here] * bool(here)
