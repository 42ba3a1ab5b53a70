"""PDF documents made to exhaust: each ends soon, read as far as it goes or refused.

Those that only the limits of the process stop are in `tests/worker/test_reader_process.py`.
"""

import json
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from app.core.errors import ErrorCode
from tests.conftest import PROJECT
from tests.readers.pdf_samples import assembled

MAX_CPU_S = 10.0
MAX_MEMORY_MB = 1_000
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def page(stream: bytes) -> list[bytes]:
    """Give the objects of a document of one page."""
    return [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        _PAGE + b" << /F1 5 0 R >> >> >>",
        stream,
        FONT,
    ]


def stream(data: bytes, filters: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), filters, data)


def packed(piece: bytes, n_bytes: int) -> bytes:
    """Give a stream that unpacks to so many bytes."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(piece) for _ in range(n_bytes // len(piece)))
    return stream(data + packer.flush(), b"/Filter /FlateDecode")


SHOWN = b"BT /F1 9 Tf 72 700 Td (Readable words.) Tj ET "
BOMBS = {
    "much text": lambda: assembled(
        page(packed(b"BT /F1 9 Tf 1 0 0 1 9 9 Tm (" + b"word " * 2_000 + b") Tj ET\n", 4_000_000))
    ),
    "many lines": lambda: assembled(
        page(
            stream(
                b"".join(
                    b"BT /F1 9 Tf %d %d Td (a %d) Tj ET\n" % (at * 37 % 500, at * 53 % 800, at)
                    for at in range(5_000)
                )
            )
        )
    ),
    "pages in a circle": lambda: assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 3 /Kids [2 0 R 3 0 R 2 0 R] >>",
            _PAGE + b" << /F1 5 0 R >> >> >>",
            stream(SHOWN),
            FONT,
        ]
    ),
    "versions in a circle": lambda: assembled(page(stream(SHOWN)), more=b"/Prev %d"),
    "a billion pages": lambda: assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1000000000 /Kids [3 0 R] >>",
            *page(stream(SHOWN))[2:],
        ]
    ),
    "a billion objects": lambda: assembled(page(stream(SHOWN)), size=1_000_000_000),
    "deep arrays": lambda: assembled(page(stream(b"[" * 300_000 + SHOWN))),
    "deep objects": lambda: assembled([*page(stream(SHOWN)), b"[" * 300_000 + b"]" * 300_000]),
    "runs": lambda: assembled(
        page(stream(b"\x81 " * 2_000_000 + b"\x80", b"/Filter /RunLengthDecode"))
    ),
    "figures": lambda: assembled(
        page(stream(b"z" * 5_000_000 + b"~>", b"/Filter /ASCII85Decode"))
    ),
    "many fields": lambda: assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            _PAGE + b" << /F1 5 0 R >> >> /Annots [%s] >>" % (b"6 0 R " * 20_000),
            stream(SHOWN),
            FONT,
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (%s) /V (value) /Rect [9 9 99 29] >>"
            % (b"." * 5_000 + b"x"),
        ]
    ),
}  # fmt: skip

_READ_ALL = """
import json, sys, time
from pathlib import Path
from app.core.errors import WorldError
from app.machine import own_process
from app.readers import pdf
from app.readers.reading import ReadingLimits, ReadingOptions

own_process.limit_memory(ReadingLimits().memory_bytes)
for path in map(Path, sys.argv[1:]):
    code, texts = "", []
    began_s = time.process_time()
    try:
        options = ReadingOptions(reads_scans=False)
        pdf.read(path, ReadingLimits(), options, lambda page: texts.append(page.text[:99]))
    except WorldError as error:
        code = error.code.value
    memory = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
    cpu_s = time.process_time() - began_s
    print(json.dumps([path.stem, code, texts[:3], cpu_s, int(memory) / 1024]), flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux tells it")
def test_bombs_end_soon_with_text_or_a_reason(tmp_path: Path) -> None:
    paths = []
    for name, made in BOMBS.items():
        paths.append(tmp_path / f"{name}.pdf")
        paths[-1].write_bytes(made())
    out = subprocess.run(
        [sys.executable, "-c", _READ_ALL, *map(str, paths)],
        cwd=PROJECT,
        capture_output=True,
        check=True,
        text=True,
    )
    results = {name: rest for name, *rest in map(json.loads, out.stdout.splitlines())}
    assert results.keys() == BOMBS.keys()
    codes = {code.value for code in ErrorCode if code.value.startswith("document_")}
    for name, (code, _, cpu_s, memory_mb) in results.items():
        assert code in {"", *codes}, name
        assert cpu_s < MAX_CPU_S, name
        assert memory_mb < MAX_MEMORY_MB, name
    for name in ("versions in a circle", "a billion objects", "deep objects", "many fields"):
        code, texts, *_ = results[name]
        assert code or texts[0].startswith("Readable words."), name
