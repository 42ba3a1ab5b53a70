"""Chunks keep whole sentences of one section, lose nothing, and fit the embedding model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.documents.chunking import (
    LONGEST_CHARACTERS,
    MAX_TOKENS,
    chunks_of,
    digest_of,
    embedding_text,
    n_tokens_of,
)
from app.core.documents.text import Block, BlockKind, Chunk, PageText

HEADING, PARAGRAPH, ROW = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.TABLE_ROW


def page(number: int, *blocks: tuple[BlockKind, str] | tuple[BlockKind, str, object]) -> PageText:
    """Give a page of blocks: kind, text and, of a heading its level, of a row its header."""
    text, made = "", []
    for kind, content, *more in blocks:
        start = len(text) + 1 if text else 0
        text = f"{text}\n{content}" if text else content
        level = int(str(more[0])) if kind is HEADING else 0
        header = str(more[0]) if kind is ROW and more else ""
        made.append(Block(kind, start, len(text), level, header))
    return PageText(number, "", text, tuple(made))


def prose(n: int, word: str = "tenant") -> str:
    return " ".join(f"The {word} pays the rent number {count} in time." for count in range(n))


def assert_exact(pages: list[PageText], chunks: tuple[Chunk, ...]) -> None:
    texts = {one.number: one.text for one in pages}
    for position, chunk in enumerate(chunks):
        assert chunk.position == position
        parts = [texts[span.page][span.start : span.end] for span in chunk.spans]
        assert chunk.text == "\n".join(parts)
        assert len({span.page for span in chunk.spans}) == len(chunk.spans) <= 2
    kept = "".join("".join(chunk.text.split()) for chunk in chunks)
    assert kept == "".join("".join(one.text.split()) for one in pages)


def test_whole_sentences_of_about_the_right_size() -> None:
    pages = [page(1, (PARAGRAPH, prose(100)))]
    chunks = chunks_of(pages)
    assert_exact(pages, chunks)
    assert all(chunk.text.endswith("in time.") for chunk in chunks)
    assert all(600 < len(chunk.text) <= LONGEST_CHARACTERS for chunk in chunks[:-1])


def test_nothing_crosses_a_top_heading_and_headings_lead_their_text() -> None:
    pages = [
        page(
            1,
            (HEADING, "Rent", 1),
            (PARAGRAPH, prose(2)),
            (HEADING, "Due date", 2),
            (PARAGRAPH, prose(2)),
            (HEADING, "Pets", 1),
            (PARAGRAPH, prose(3, "dog")),
        )
    ]
    chunks = chunks_of(pages)
    assert_exact(pages, chunks)
    assert [chunk.heading_path for chunk in chunks] == [("Rent",), ("Pets",)]
    assert chunks[1].text.startswith("Pets\n")
    assert embedding_text(chunks[1]) == chunks[1].text


def test_a_heading_at_the_end_goes_with_what_follows() -> None:
    pages = [
        page(1, (HEADING, "One", 1), (PARAGRAPH, prose(15)), (HEADING, "Two", 2)),
        page(2, (PARAGRAPH, prose(15, "landlord"))),
    ]
    chunks = chunks_of(pages)
    assert_exact(pages, chunks)
    assert chunks[1].text.startswith("Two\nThe landlord")
    assert chunks[1].heading_path == ("One", "Two")
    assert [span.page for span in chunks[1].spans] == [1, 2]


def test_a_sentence_broken_by_a_page_stays_together() -> None:
    pages = [
        page(1, (PARAGRAPH, f"{prose(15)} The keys are handed over on the")),
        page(2, (PARAGRAPH, f"first day of the month. {prose(15)}")),
    ]
    chunks = chunks_of(pages)
    assert_exact(pages, chunks)
    assert any("handed over on the\nfirst day of the month." in one.text for one in chunks)


def test_rows_carry_the_header_of_their_table() -> None:
    header = "Name | Start | End"
    rows = [(ROW, f"Contract {number} | 2026-01-01 | 2027-12-31", header) for number in range(60)]
    pages = [page(1, (ROW, header), *rows)]
    chunks = chunks_of(pages)
    assert_exact(pages, chunks)
    assert len(chunks) > 2
    assert chunks[1].header == header
    assert embedding_text(chunks[1]).startswith(header)
    assert all("31" in line or line == header for one in chunks for line in one.text.split("\n"))


@pytest.mark.parametrize(
    "sentence",
    [
        "承租人应当于每月五日前向出租人支付租金。",
        "Арендатор обязуется вносить плату не позднее пятого числа.",
        "يلتزم المستأجر بدفع الإيجار الشهري في موعده.",
        "임차인은 매월 5일까지 임대료를 지불해야 한다.",
        "Der Mieter führt Instandhaltungsmaßnahmen durch.",
        "ผู้เช่าต้องชำระค่าเช่ารายเดือนภายในวันที่ห้าของทุกเดือน ",
        "x" * 5000,
        "4711 0815 12,50 " * 300,
    ],
)
def test_every_script_fits_the_model(sentence: str) -> None:
    pages = [page(1, (PARAGRAPH, (sentence * 40).strip()))]
    chunks = chunks_of(pages)
    assert_exact(pages, chunks)
    assert all(n_tokens_of(embedding_text(chunk)) <= MAX_TOKENS for chunk in chunks)
    assert all(len(chunk.text) <= LONGEST_CHARACTERS for chunk in chunks)


def test_the_same_text_has_the_same_digest() -> None:
    one, other = (chunks_of([page(number, (PARAGRAPH, prose(3)))])[0] for number in (1, 7))
    assert digest_of(one) == digest_of(other)
    assert digest_of(one) != digest_of(chunks_of([page(1, (PARAGRAPH, prose(4)))])[0])


BLOCKS = st.tuples(
    st.sampled_from(list(BlockKind)),
    st.text(st.sampled_from("ab Z.。字\u0e01!1"), min_size=1, max_size=400).filter(
        lambda text: bool(text.strip())
    ),
    st.integers(1, 3),
)


@given(st.lists(st.lists(BLOCKS, max_size=6), max_size=4), st.integers(20, MAX_TOKENS))
def test_no_text_is_lost(content: list[list[tuple[BlockKind, str, int]]], limit: int) -> None:
    pages = [page(number, *blocks) for number, blocks in enumerate(content, 1)]
    assert_exact(pages, chunks_of(pages, limit))
