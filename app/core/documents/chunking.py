"""Cuts a document into chunks: pieces that are found, and read by the model, as one.

Structure comes first. A chunk holds whole sentences (or table rows) of one section, about
`LONGEST_CHARACTERS` of them; headings begin chunks and never end them.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.core.documents.sentences import is_open, sentences_of
from app.core.documents.text import Block, BlockKind, Chunk, PageText, Span

LONGEST_CHARACTERS = 800
"""Measured: packs of sentences of this size cover 0.795 of the wanted text within 2,500
characters, packs of 400 cover 0.756, of 1,600 0.647; overlapping ones are no better."""
FULL_CHARACTERS = 400
"""From here on a chunk ends at the end of a paragraph rather than within the next one."""
MAX_TOKENS = 254
"""What the built-in embedding model was trained on, without its two marks."""
MAX_PAGES = 2
HEADING_CHARACTERS = 160
HEADER_CHARACTERS = 240
"""How much of headings and of a table's header row goes before a chunk when it is embedded."""

_LATIN_LONG = re.compile(r"[A-Za-z\u00c0-\u024f]{8,}")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_PLAIN = re.compile(r"[A-Za-z\u00c0-\u024f\s]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_ENGLISH = re.compile(
    r"\b(?:the|of|and|to|in|is|that|for|with|are|be|by|on|as|this|was|or|from|at|an|it|not|have"
    r"|which|shall|will|you|we)\b",
    re.IGNORECASE,
)
ENGLISH_SHARE = 0.15
"""Share of such words from which a text is English; measured: 0.25 or more in English prose,
under 0.08 in other languages."""
SAMPLE_CHARACTERS = 20_000
SAMPLE_PAGES = 10

Headings = tuple[tuple[int, str], ...]
"""Under which a place stands: level and text of each, the highest first."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is not cut: a sentence, a table row, a heading."""

    page: int
    start: int
    end: int
    kind: BlockKind
    n_tokens: int
    headings: tuple[str, ...]
    section: int
    """Counts the highest headings; no chunk holds two."""
    header: str = ""
    ends_block: bool = False
    is_open: bool = False
    """It breaks off at the end of its page."""


def n_tokens_of(text: str, *, is_english: bool = False) -> int:
    """Guess from above how many tokens the built-in embedding model makes of a text.

    Its vocabulary is English. Measured with it, tokens per character: English 0.24, German 0.38,
    Finnish 0.39, Turkish 0.45, Russian 0.88, Arabic 0.83, Chinese 1.0, Korean 2,
    figures 0.56 to 1. Models for many languages need fewer.
    """
    words = _LATIN.findall(text)
    if is_english:
        latin = len(words) + sum((len(word) - 5) // 3 for word in _LATIN_LONG.findall(text))
    else:
        latin = sum((len(word) + 1) // 2 if len(word) > 3 else 1 for word in words)  # noqa: PLR2004
    others = sum(map(len, _PLAIN.split(text)))
    return latin + others + len(_HANGUL.findall(text)) * 3 // 2


def is_english(pages: Sequence[PageText]) -> bool:
    """Say whether most of the text is English, which takes the fewest tokens.

    Pages from all over the document are looked at: the first ones are often lists of names.
    """
    n_words = n_english = 0
    for page in pages[:: max(1, len(pages) // SAMPLE_PAGES)]:
        sample = page.text[: SAMPLE_CHARACTERS // SAMPLE_PAGES]
        n_words += len(sample.split())
        n_english += len(_ENGLISH.findall(sample))
    return n_english >= ENGLISH_SHARE * n_words > 0


def chunks_of(
    pages: Sequence[PageText], max_tokens: int = MAX_TOKENS, above: Headings = ()
) -> tuple[Chunk, ...]:
    """Cut a document into chunks.

    Args:
        pages: all of the document, in order, or a long part of it.
        max_tokens: that a chunk may have together with its headings, as `n_tokens_of` guesses.
        above: headings under which the part begins.

    Returns:
        Chunks in reading order, which hold all text of the pages but white space.
    """
    texts = {page.number: page.text for page in pages}
    units = list(_units_of(pages, max_tokens, above))
    chunks = [_chunk(texts, pack) for pack in _packs(units, max_tokens)]
    return tuple(replace(chunk, position=position) for position, chunk in enumerate(chunks))


def headings_after(pages: Sequence[PageText], above: Headings = ()) -> Headings:
    """Give the headings under which a part ends, and the next one begins.

    Args:
        pages: of the part.
        above: headings under which it begins.
    """
    path = above
    for page in pages:
        for block in page.blocks:
            if _is_heading(block):
                path = _under(path, page, block)
    return path


def embedding_text(chunk: Chunk) -> str:
    """Give what a chunk's vector is made of: headings, a table's header row, its text."""
    above = [one for one in chunk.heading_path if not chunk.text.startswith(one)]
    parts = [
        " > ".join(above)[-HEADING_CHARACTERS:],
        chunk.header[:HEADER_CHARACTERS],
        chunk.text,
    ]
    return "\n".join(part for part in parts if part)


def digest_of(chunk: Chunk) -> bytes:
    """Give the key of a chunk's vector: chunks with the same text for embedding share it."""
    return hashlib.sha256(embedding_text(chunk).encode("utf-8", "surrogatepass")).digest()


# --- units -------------------------------------------------------------------------------------


def _under(path: Headings, page: PageText, block: Block) -> Headings:
    """Give the headings from a further one on."""
    title = " ".join(page.text[block.start : block.end].split())[:HEADING_CHARACTERS]
    return (*(one for one in path if one[0] < block.level), (block.level, title))


def _units_of(pages: Sequence[PageText], max_tokens: int, above: Headings = ()) -> Iterator[_Unit]:
    english = is_english(pages)
    levels = [block.level for page in pages for block in page.blocks if _is_heading(block)]
    top = min(levels, default=1)
    path = above
    section = 0
    for page in pages:
        for block in page.blocks or (Block(BlockKind.PARAGRAPH, 0, len(page.text)),):
            if _is_heading(block):
                path = _under(path, page, block)
                section += block.level <= top
            headings = tuple(title for _, title in path)
            model = _Unit(page.number, 0, 0, block.kind, 0, headings, section, header=block.header)
            yield from _units_of_block(page, block, model, max_tokens, is_english=english)


def _is_heading(block: Block) -> bool:
    return block.kind is BlockKind.HEADING


def _units_of_block(
    page: PageText, block: Block, model: _Unit, max_tokens: int, *, is_english: bool
) -> Iterator[_Unit]:
    """Cut a block into units like `model`; a table row and a heading stay whole if they fit."""
    budget = max_tokens // 2 if model.headings or model.header else max_tokens
    text = page.text[block.start : block.end]
    if block.kind in (BlockKind.HEADING, BlockKind.TABLE_ROW):
        spans: Iterable[tuple[int, int]] = [(0, len(text))] if text.strip() else []
    else:
        spans = sentences_of(text)
    pieces = [
        piece
        for start, end in spans
        for piece in _pieces(text, start, end, budget, is_english=is_english)
    ]
    is_last = block is page.blocks[-1] if page.blocks else True
    for number, (start, end) in enumerate(pieces, 1):
        ends = number == len(pieces)
        yield replace(
            model,
            start=block.start + start,
            end=block.start + end,
            n_tokens=n_tokens_of(text[start:end], is_english=is_english),
            ends_block=ends,
            is_open=ends
            and is_last
            and block.kind is BlockKind.PARAGRAPH
            and is_open(text[start:end]),
        )


_CUTS = (re.compile(r"[;:；：]\s*"), re.compile(r"[,，、،]\s*"), re.compile(r"\s+"))


def _pieces(
    text: str, start: int, end: int, budget: int, *, is_english: bool
) -> Iterator[tuple[int, int]]:
    """Cut what is too long for one chunk: at a clause if possible, else at a word."""
    while end - start > LONGEST_CHARACTERS or (
        n_tokens_of(text[start:end], is_english=is_english) > budget
    ):
        longest = _longest(text, start, min(end, start + LONGEST_CHARACTERS), budget, is_english)
        cut = longest
        for pattern in _CUTS:
            cuts = [one.end() for one in pattern.finditer(text, start, longest)]
            if cuts and cuts[-1] - start >= (longest - start) // 2:
                cut = cuts[-1]
                break
        yield start, start + len(text[start:cut].rstrip())
        start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
    if start < end:
        yield start, end


def _longest(text: str, start: int, end: int, budget: int, is_english: bool) -> int:  # noqa: FBT001
    """Give an end that keeps within the budget; at least one character is taken."""
    while end - start > 1:
        n_tokens = n_tokens_of(text[start:end], is_english=is_english)
        if n_tokens <= budget:
            break
        end = start + max(1, min((end - start) * budget // n_tokens, end - start - 1))
    return end


# --- packs -------------------------------------------------------------------------------------


def _packs(units: Sequence[_Unit], max_tokens: int) -> Iterator[list[_Unit]]:
    pack: list[_Unit] = []
    for number, unit in enumerate(units):
        if pack and _begins_anew(pack, units, number, max_tokens):
            carried = _carried(pack, unit)
            if len(carried) == len(pack) or not _fits([*carried, unit], max_tokens):
                carried = []
            yield pack[: len(pack) - len(carried)]
            pack = carried
        pack.append(unit)
    if pack:
        yield pack


def _begins_anew(
    pack: Sequence[_Unit], units: Sequence[_Unit], number: int, max_tokens: int
) -> bool:
    unit = units[number]
    last = pack[-1]
    if unit.section != last.section or not _fits([*pack, unit], max_tokens):
        return True
    is_full = _n_characters(pack) >= FULL_CHARACTERS
    if unit.kind is BlockKind.HEADING:
        return is_full and last.kind is not BlockKind.HEADING
    if last.kind is unit.kind is BlockKind.TABLE_ROW and last.header != unit.header:
        return True
    if not (is_full and last.ends_block) or unit.kind is BlockKind.TABLE_ROW:
        return False
    # A paragraph that would have to be cut begins a chunk of its own.
    whole = list(pack)
    for later in units[number:]:
        whole.append(later)
        if later.ends_block or not _fits(whole, max_tokens):
            break
    return not _fits(whole, max_tokens)


def _carried(pack: Sequence[_Unit], following: _Unit) -> list[_Unit]:
    """Give the end of a pack that belongs to what follows: headings, half a sentence."""
    carried: list[_Unit] = []
    for unit in reversed(pack):
        is_half = unit.is_open and not carried and following.kind is BlockKind.PARAGRAPH
        belongs = is_half or unit.kind is BlockKind.HEADING
        if not belongs or unit.section != following.section:
            break
        carried.insert(0, unit)
    return carried


def _fits(pack: Sequence[_Unit], max_tokens: int) -> bool:
    first = pack[0]
    pages = {unit.page for unit in pack}
    if len(pages) > MAX_PAGES or _n_characters(pack) > LONGEST_CHARACTERS:
        return False
    above = [one for one in first.headings if first.kind is not BlockKind.HEADING]
    before = n_tokens_of(" > ".join(above)[-HEADING_CHARACTERS:])
    before += n_tokens_of(_header(pack)[:HEADER_CHARACTERS])
    n_tokens = sum(unit.n_tokens for unit in pack)
    return len(pack) == 1 or before + n_tokens <= max_tokens


def _n_characters(pack: Sequence[_Unit]) -> int:
    return sum(unit.end - unit.start + 1 for unit in pack) - 1


def _header(pack: Sequence[_Unit]) -> str:
    return next((unit.header for unit in pack if unit.header), "")


def _chunk(texts: dict[int, str], pack: Sequence[_Unit]) -> Chunk:
    spans: list[Span] = []
    for unit in pack:
        if spans and spans[-1].page == unit.page:
            spans[-1] = replace(spans[-1], end=unit.end)
        else:
            spans.append(Span(unit.page, unit.start, unit.end))
    text = "\n".join(texts[span.page][span.start : span.end] for span in spans)
    header = _header(pack)
    if header in text:
        header = ""
    return Chunk(0, tuple(spans), text, pack[0].headings, header)
