"""Which files of a folder are left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.documents.ignore_rules import IgnoreRules, is_left_out


@pytest.mark.parametrize(
    ("name", "is_folder"),
    [
        (".git", True),
        (".hidden.txt", False),
        ("~$lease.docx", False),
        (".~lock.lease.odt#", False),
        ("lease.docx.tmp", False),
        ("lease.txt~", False),
        ("film.mp4.crdownload", False),
        ("node_modules", True),
        ("$RECYCLE.BIN", True),
        ("Thumbs.db", False),
    ],
)
def test_what_is_never_the_users_is_left_out(name: str, is_folder: bool) -> None:
    assert is_left_out(name, is_folder=is_folder)


@pytest.mark.parametrize("name", ["lease.docx", "node_modules", "temporary.txt", "~notes.txt"])
def test_the_users_files_are_not(name: str) -> None:
    assert not is_left_out(name, is_folder=False)


@pytest.mark.parametrize(
    ("pattern", "path", "is_folder", "expected"),
    [
        ("*.log", "a/b/c.log", False, True),
        ("*.log", "a/b/c.LOG", False, True),
        ("*.log", "a/c.log.txt", False, False),
        ("drafts/", "a/drafts", True, True),
        ("drafts/", "a/drafts", False, False),
        ("/drafts", "drafts", True, True),
        ("/drafts", "a/drafts", True, False),
        ("a/drafts", "a/drafts", True, True),
        ("a/drafts", "b/a/drafts", True, False),
        ("a/**/old.txt", "a/old.txt", False, True),
        ("a/**/old.txt", "a/b/c/old.txt", False, True),
        ("a/**", "a/b/c.txt", False, True),
        ("a/*.txt", "a/b/c.txt", False, False),
        ("page?.txt", "page1.txt", False, True),
        ("page[0-3].txt", "page2.txt", False, True),
        ("page[!0-3].txt", "page2.txt", False, False),
        ("[z-a]", "[z-a]", False, True),
        ("# remark", "# remark", False, False),
        ("", "anything", False, False),
    ],
)
def test_patterns_mean_what_they_mean_in_a_gitignore(
    pattern: str, path: str, is_folder: bool, expected: bool
) -> None:
    assert IgnoreRules([pattern]).leave_out(path, is_folder=is_folder) is expected


def test_the_last_pattern_that_fits_decides() -> None:
    rules = IgnoreRules(["*.txt", "!keep.txt"])
    assert rules.leave_out("a/other.txt", is_folder=False)
    assert not rules.leave_out("a/keep.txt", is_folder=False)


@given(
    st.lists(st.text("ab*?[]!^-/\\.#(){}+|$ ", max_size=12), max_size=4),
    st.text("ab/.", max_size=8),
)
def test_any_pattern_can_be_asked(patterns: list[str], path: str) -> None:
    IgnoreRules(patterns).leave_out(path, is_folder=False)


@given(st.text(min_size=1).filter(lambda one: one.strip("/").strip() and not one.isspace()))
def test_a_name_without_signs_leaves_out_itself(name: str) -> None:
    plain = "".join(one for one in name if one.isalnum() and one.lower() == one.casefold())
    if plain:
        assert IgnoreRules([plain]).leave_out(f"folder/{plain}", is_folder=False)
