"""Writes resources/catalogue/shapes.json from the phantom models.

Run: `python -m tests.catalogue.write_shapes` from the project's folder.
"""

import json
import tempfile
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any

import msgspec

from app.core.gguf_reader import read_header
from app.core.gguf_shape import shape_of
from app.core.nearest_shape import KnownShape
from app.store.catalogue_file import SCHEMA, SHAPES_NAME
from tests.phantom_models import PHANTOMS, write_phantom

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "catalogue"


def known_shape(folder: Path, name: str) -> KnownShape:
    """Give the shape of a phantom as if it had a vocabulary; pairs to join are about as many."""
    path = write_phantom(folder, name)
    with path.open("rb") as stream:
        header = read_header(stream, path.stat().st_size, name)
    path.unlink()
    shape = shape_of(header)
    n_texts = shape.n_vocabulary
    shape = replace(shape, n_vocabulary_texts=n_texts, n_merges=n_texts)
    return KnownShape(name, header.n_parameters, shape.weights_bytes, shape)


def shapes_text(known: list[KnownShape]) -> str:
    """Give the file's text: one model a line, so that a change of one is a change of one line."""
    lines = ",\n".join(json.dumps(_row(one), separators=(",", ":")) for one in known)
    return f'{{"schema":{SCHEMA},"models":[\n{lines}\n]}}\n'


def _row(known: KnownShape) -> dict[str, object]:
    kinds = list(dict.fromkeys(known.shape.layers))
    return {
        "name": known.name,
        "n_parameters": known.n_parameters,
        "size_bytes": known.size_bytes,
        "kinds": [_short(one) for one in kinds],
        "layers": [kinds.index(one) for one in known.shape.layers],
        "shape": _short(replace(known.shape, layers=()))
        | {"graphs": [_short(one) for one in known.shape.graphs]},
    }


def _short(one: Any) -> dict[str, object]:
    """Give what differs from the defaults."""
    return {
        field.name: msgspec.to_builtins(getattr(one, field.name))
        for field in fields(one)
        if field.default is MISSING or getattr(one, field.name) != field.default
    }


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as folder:
        known = [known_shape(Path(folder), name) for name in PHANTOMS]
    text = shapes_text(known)
    FOLDER.joinpath(SHAPES_NAME).write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(known)} shapes, {len(text)} bytes")


if __name__ == "__main__":
    main()
