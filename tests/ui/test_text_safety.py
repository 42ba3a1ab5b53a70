"""Characters and links that may reach the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.widgets.text_safety import is_safe_link, misleading_host, visible_text


@pytest.mark.parametrize(
    "code",
    [
        *(0x00, 0x08, 0x0D, 0x1B, 0x7F, 0x85, 0xAD, 0x200B, 0x202E, 0x2066, 0x2060, 0xFEFF),
        *(0xD800, 0xFDD0, 0xFFFC, 0xFFFE, 0xE0041),
    ],
)
def test_characters_that_hide_or_reorder_text_are_removed(code: int) -> None:
    assert visible_text(f"a{chr(code)}b") == "ab"


@pytest.mark.parametrize(
    "text",
    ["a\tb\n", "👩‍💻", "می‌خواهم", "क्‍ष", "שלום\u200f!", "é ﬁ 中文", "❤️"],
)
def test_characters_that_scripts_and_emoji_need_stay(text: str) -> None:
    assert visible_text(text) == text


def test_line_and_paragraph_separators_become_new_lines() -> None:
    assert visible_text("a\u2028b\u2029c") == "a\nb\nc"


@given(st.text(), st.integers(min_value=0))
def test_what_is_removed_does_not_depend_on_batch_borders(text: str, cut: int) -> None:
    border = cut % (len(text) + 1)
    parts = visible_text(text[:border]) + visible_text(text[border:])
    assert parts == visible_text(text)


@given(st.text())
def test_what_is_left_can_be_given_to_qt(text: str) -> None:
    visible_text(text).encode("utf-16")


@pytest.mark.parametrize("url", ["https://a.example", "HTTP://A.example/x", "mailto:a@b.example"])
def test_web_and_mail_links_are_safe(url: str) -> None:
    assert is_safe_link(url)


@pytest.mark.parametrize(
    "url", ["", "https:", "mailto:", "mailto:x", "a.example", "http://@a.b@c"]
)
def test_links_without_a_visible_destination_are_not_safe(url: str) -> None:
    assert not is_safe_link(url)


def test_a_lookalike_host_is_shown_in_its_own_letters() -> None:
    assert misleading_host("gооgle.com", "https://xn--ggle-55da.com/") == "xn--ggle-55da.com"


@given(st.text(), st.text())
def test_any_link_text_can_be_judged(shown: str, rest: str) -> None:
    assert misleading_host(shown, f"https://a.example/{rest}") in {"", "a.example"}
