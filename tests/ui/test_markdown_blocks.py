"""Markdown to leaves: as a whole, and in batches."""

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ui.widgets.markdown_blocks import TABLE_PIECE_ROWS, read_markdown
from app.ui.widgets.markdown_leaves import (
    PLAIN,
    Alignment,
    CodeLeaf,
    Container,
    Leaf,
    ProseKind,
    ProseLeaf,
    Run,
    TableLeaf,
    plain_runs,
)
from app.ui.widgets.markdown_stream import MarkdownStream
from tests.ui.leaf_text import plain_leaf

BULLET, NUMBERED, QUOTE = Container.BULLET_ITEM, Container.NUMBERED_ITEM, Container.QUOTE


def prose(text: str) -> list[ProseLeaf]:
    leaves = read_markdown(text)
    assert all(isinstance(leaf, ProseLeaf) for leaf in leaves)
    return [leaf for leaf in leaves if isinstance(leaf, ProseLeaf)]


def only(text: str) -> Leaf:
    (leaf,) = read_markdown(text)
    return leaf


def runs(text: str) -> tuple[Run, ...]:
    leaf = only(text)
    assert isinstance(leaf, ProseLeaf)
    return leaf.runs


def links(text: str) -> list[tuple[str, str]]:
    return [(run.text, run.style.url) for run in runs(text) if run.style.url]


def stream(batches: list[str]) -> list[Leaf]:
    reader = MarkdownStream()
    settled: list[Leaf] = []
    for batch in batches:
        settled += reader.append(batch).settled
    return settled + list(reader.finish().settled)


# Blocks


def test_a_heading_keeps_its_level() -> None:
    assert [(leaf.kind, leaf.level) for leaf in prose("# A\n\n### B\n\nC\n===")] == [
        (ProseKind.HEADING, 1),
        (ProseKind.HEADING, 3),
        (ProseKind.HEADING, 1),
    ]


def test_nested_list_items_know_their_markers_and_depth() -> None:
    leaves = prose("- a\n  - b\n    1. c\n- d")
    assert [(leaf.marker, len(leaf.path)) for leaf in leaves] == [
        ("•", 1),
        ("◦", 2),
        ("1.", 3),
        ("•", 1),
    ]
    assert leaves[2].path == (BULLET, BULLET, NUMBERED)


def test_numbers_go_on_from_the_first_one_written() -> None:
    assert [leaf.marker for leaf in prose("7) a\n7) b\n7) c")] == ["7)", "8)", "9)"]


def test_the_second_paragraph_of_an_item_has_no_marker_but_its_indent() -> None:
    first, second = prose("- a\n\n  b")
    assert (first.marker, second.marker) == ("•", "")
    assert first.path == second.path == (BULLET,)


def test_an_empty_item_still_shows_its_bullet() -> None:
    assert [leaf.marker for leaf in prose("- \n- b")] == ["•", "•"]


def test_task_items_get_tick_boxes() -> None:
    leaves = prose("- [x] done\n- [ ] open\n- [y] neither")
    assert [leaf.marker for leaf in leaves] == ["☑", "☐", "•"]
    assert [plain_runs(leaf.runs) for leaf in leaves] == ["done", "open", "[y] neither"]


def test_quotes_can_stand_in_lists_and_lists_in_quotes() -> None:
    assert [leaf.path for leaf in prose("> a\n> - b\n\n1. c\n   > d")] == [
        (QUOTE,),
        (QUOTE, BULLET),
        (NUMBERED,),
        (NUMBERED, QUOTE),
    ]


def test_a_fence_gives_its_language_and_exact_code() -> None:
    assert only("```python title=x\n  a\n\n\tb\n```") == CodeLeaf("python", "  a\n\n\tb")


def test_code_in_a_list_item_stands_in_it() -> None:
    leaves = read_markdown("1. a\n   ```sh\n   ls\n   ```\n2. b")
    assert leaves[1] == CodeLeaf("sh", "ls", (NUMBERED,))
    assert isinstance(leaves[2], ProseLeaf)
    assert leaves[2].marker == "2."


def test_a_table_gives_header_rows_and_alignments() -> None:
    leaf = only("| a | b | c |\n|:-:|--:|---|\n| 1 | **2** |\n")
    assert isinstance(leaf, TableLeaf)
    assert leaf.alignments == (Alignment.CENTRE, Alignment.RIGHT, Alignment.LEADING)
    assert plain_leaf(leaf) == "a\tb\tc\n1\t2\t"


def test_a_long_table_is_cut_and_only_the_first_piece_has_the_header() -> None:
    text = "|a|\n|-|\n" + "".join(f"|{number}|\n" for number in range(2 * TABLE_PIECE_ROWS + 1))
    leaves = [leaf for leaf in read_markdown(text) if isinstance(leaf, TableLeaf)]
    assert [len(leaf.rows) for leaf in leaves] == [TABLE_PIECE_ROWS, TABLE_PIECE_ROWS, 1]
    assert [leaf.is_continued for leaf in leaves] == [False, True, True]
    assert [bool(leaf.header) for leaf in leaves] == [True, False, False]


def test_a_very_long_paragraph_is_cut_at_the_end_of_a_sentence() -> None:
    leaves = prose("This is a sentence. " * 400)
    assert len(leaves) > 1
    assert all(plain_runs(leaf.runs).endswith("sentence.") for leaf in leaves)
    assert [leaf.is_continued for leaf in leaves] == [False] + [True] * (len(leaves) - 1)


def test_the_direction_comes_from_the_first_letter_of_each_block() -> None:
    leaves = prose("Hello\n\n1. שלום\n\n«مرحبا» hello\n\n123 — 456")
    assert [leaf.is_right_to_left for leaf in leaves] == [False, True, True, False]


# Inline


def test_emphasis_code_and_strikethrough_become_styles() -> None:
    found = runs("a **b *c*** `d` ~~e~~")
    assert [(run.text, run.style[:4]) for run in found if run.text.strip()] == [
        ("a ", (False, False, False, False)),
        ("b ", (True, False, False, False)),
        ("c", (True, True, False, False)),
        ("d", (False, False, False, True)),
        ("e", (False, False, True, False)),
    ]


def test_a_line_ends_where_the_model_ended_it() -> None:
    assert plain_runs(runs("Roses are red,\nviolets are blue")) == (
        "Roses are red,\nviolets are blue"
    )


def test_raw_html_is_shown_as_text() -> None:
    text = "<script>alert(1)</script> <img src='file:///x'> <b>c</b>"
    assert runs(text) == (Run(text, PLAIN),)


@pytest.mark.parametrize("url", ["http://tracker.example/x.png", "https://a.example/?q=1"])
def test_an_image_is_its_description_and_address_without_a_link(url: str) -> None:
    assert runs(f"![a *cat*]({url})") == (Run(f"a *cat* ({url})", PLAIN),)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "vbscript:x",
        "file:///etc/passwd",
        "//host/share/x",
        "\\\\host\\share",
        "data:text/html,x",
        "data:image/png;base64,AA==",
        "qrc:/x",
        "smb://host/x",
        "ms-msdt:/id",
        "relative.html",
        "/etc/passwd",
        "http:",
        "http:///x",
        "https://bank.example@evil.example/",
        "mailto:?attach=/etc/passwd",
        "mailto:a@b.example?attach=/etc/passwd",
        "C:/Windows",
        "calculator://",
    ],
)
def test_other_links_than_web_and_mail_stay_text(url: str) -> None:
    for text in (f"[x]({url})", f"![x]({url})", f"<{url}>", f"[x]\n\n[x]: {url}"):
        shown = [leaf for leaf in read_markdown(text) if isinstance(leaf, ProseLeaf)]
        assert not [run for leaf in shown for run in leaf.runs if run.style.url]
        if not text.startswith("[x]\n"):
            assert url.replace("\\\\", "\\") in "".join(plain_leaf(leaf) for leaf in shown)


def test_web_and_mail_links_can_be_clicked() -> None:
    assert links("[a](https://x.example/y) <mailto:b@c.example>") == [
        ("a", "https://x.example/y"),
        ("mailto:b@c.example", "mailto:b@c.example"),
    ]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("see https://a.example/x_(y).", "https://a.example/x_(y)"),
        ("(http://a.example)", "http://a.example"),
        ("**https://a.example/b?c=d**!", "https://a.example/b?c=d"),
    ],
)
def test_a_bare_address_is_a_link_without_the_punctuation_around_it(text: str, url: str) -> None:
    assert links(text) == [(url, url)]


def test_an_address_in_code_is_no_link() -> None:
    assert links("`https://a.example`") == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[google.com](https://evil.example/x)", "google.com (evil.example)"),
        ("[https://bank.example/login](http://evil.example)", " (evil.example)"),
        ("[go to www.bank.example now](https://evil.example)", " (evil.example)"),
        ("https://gооgle.com/", " (xn--ggle-55da.com)"),
        ("[info@bank.example](mailto:x@evil.example)", " (evil.example)"),
    ],
)
def test_the_real_host_stands_behind_a_link_that_names_another(text: str, shown: str) -> None:
    assert plain_runs(runs(text)).endswith(shown)


@pytest.mark.parametrize(
    "text",
    ["[the guide](https://a.example)", "[www.a.example/x](https://a.example/y)"],
)
def test_an_honest_link_is_shown_as_it_is_written(text: str) -> None:
    assert "(" not in plain_runs(runs(text))


def test_link_reference_definitions_count_for_the_whole_answer() -> None:
    first, last = prose("See [a].\n\n[a]: https://a.example\n\nAnd [a].")
    assert [run.style.url for leaf in (first, last) for run in leaf.runs if run.text == "a"] == [
        "https://a.example",
        "https://a.example",
    ]


# Batches

ATOMS = [
    *("word ", "**bold** ", "*", "_", "~~", "`code` ", "`", "[x](https://a.example) ", "[a]", "("),
    *("\n", "\n\n", "  \n", " ", "  ", "   ", "    ", "\t", "\\", "&amp;", "<b>", "9", "10. "),
    *("- ", "+ ", "* ", "1. ", "2) ", "- [ ] ", "- - ", "> ", "> > ", "# ", "### ", "---\n"),
    *("===\n", "```", "```py\n", "~~~\n", "    indented\n", "|", "| a | b |\n", "|---|:-:|\n"),
    *("| 1 | 2 |\n", "![i](https://a.example/i.png) ", "مرحبا ", "שלום ", "😀", "👩‍💻 "),
]
markdown_soup = st.lists(st.sampled_from(ATOMS), max_size=40).map("".join)
LINES = [
    *(
        "A sentence with **bold** text.",
        "Another `one`",
        "",
        "",
        "# Heading",
        "- item",
        "  - nested",
    ),
    *("1. first", "2. second", "   more of it", "> quoted", "> - item in quote", "---"),
    *("```python\nx = 1\n\n  # y\n```", "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 |"),
    *("|a|\n|-|\n" + "|1|\n" * 30, "1. x\n" * 15, "- a\n\n  b\n" * 5, "> q\n>\n" * 6),
]
ordinary_markdown = st.lists(st.sampled_from(LINES), max_size=25).map("\n".join)


def split(text: str, cuts: list[int]) -> list[str]:
    borders = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [text[start:end] for start, end in itertools.pairwise(borders)]


cuts = st.lists(st.integers(0, 10_000), max_size=30)


@settings(max_examples=300, deadline=None)
@given(ordinary_markdown, cuts)
def test_batches_of_ordinary_markdown_give_the_leaves_of_the_whole(
    text: str, cuts: list[int]
) -> None:
    assert stream(split(text, cuts)) == read_markdown(text)


@settings(max_examples=200, deadline=None)
@given(markdown_soup, cuts)
def test_no_batch_loses_a_word_of_any_markdown(text: str, cuts: list[int]) -> None:
    def words(leaves: list[Leaf]) -> int:
        return sum(plain_leaf(leaf).count("word") for leaf in leaves)

    assert words(stream(split(text, cuts))) == words(read_markdown(text))


@settings(max_examples=100, deadline=None)
@given(ordinary_markdown)
def test_settled_leaves_never_change(text: str) -> None:
    reader = MarkdownStream()
    settled: list[Leaf] = []
    for character in text:
        settled += reader.append(character).settled
    settled += reader.finish().settled
    assert settled == read_markdown(text)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("list", "- an item with some words in it\n"),
        ("numbers", "1. an item with some words in it\n"),
        ("code", "value = compute(1, 'text')\n"),
        ("table", "| a cell | another cell |\n"),
        ("quote", "> some quoted words\n>\n"),
        ("paragraphs", "Some words in a paragraph.\n\n"),
    ],
)
def test_the_open_part_stays_small_however_long_the_block(name: str, line: str) -> None:
    heads = {"code": "```python\n", "table": "| a | b |\n|---|---|\n"}
    reader = MarkdownStream()
    reader.append(heads.get(name, ""))
    for _ in range(400):
        update = reader.append(line)
        rows = [leaf.rows for leaf in update.open if isinstance(leaf, TableLeaf)]
        assert len(update.open) <= 2
        assert all(len(found) <= TABLE_PIECE_ROWS for found in rows)


def test_the_line_that_may_close_a_fence_is_held_back() -> None:
    reader = MarkdownStream()
    reader.append("```py\nx\n")
    (leaf,) = reader.append("``").open
    assert plain_leaf(leaf) == "x"
    assert reader.append("`\n").settled == (CodeLeaf("py", "x"),)


def test_code_is_open_until_its_fence_is_closed() -> None:
    reader = MarkdownStream()
    (leaf,) = reader.append("```py\nx\n").open
    assert isinstance(leaf, CodeLeaf)
    assert leaf.is_open
    assert stream(["```py\nx\n", "y"]) == [CodeLeaf("py", "x\ny")]


@pytest.mark.parametrize(
    "text",
    [
        "> " * 5_000 + "a",
        "[" * 16_000,
        "![" * 8_000,
        "![[" * 5_000,
        "![a](http://b.example/c) " * 640,
        "a*" * 8_000,
        "**a" * 5_000,
        "`" * 16_000,
        "a|" * 4_000 + "\n" + "-|" * 4_000,
        "<" * 16_000,
        "- " * 8_000,
        "\n".join("  " * depth + "- a" for depth in range(120)),
        "[a]: <b> '\n" * 1_400,
        "https://a.example/))))))))" * 600,
    ],
    ids=lambda text: text[:8].strip(),
)
def test_hostile_text_is_read_quickly(text: str) -> None:
    read_markdown("warm **up**\n\n|a|\n|-|")
    start = time.process_time()
    read_markdown(text)
    # 60 ms is the worst measured; a quadratic parser would need seconds.
    assert time.process_time() - start < 0.5
