"""Answers that consist of quotes, and what comes closest to a question without an answer."""

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.core.documents.evidence import AnswerMode, Evidence, Quote, Support, Verdict
from app.core.documents.quoted_answer import nothing_found, quoted_answer
from tests.core.documents.support.labelled_answers import LEASE


def test_every_quote_has_its_source_and_is_marked_as_supported() -> None:
    quotes = tuple(Quote(one.place, one.text.splitlines()[0], 1.0) for one in LEASE)
    text, sources = quoted_answer(Evidence(Verdict.FOUND, LEASE, quotes, n_files=2))
    assert [one.number for one in sources.sources] == [1, 2, 3]
    assert [one.numbers for one in sources.sentences] == [(1,), (2,), (3,)]
    assert {one.support for one in sources.sentences} == {Support.SUPPORTED}
    assert text.startswith("> The monthly rent is 900 euros")
    first = sources.sentences[0]
    assert text[first.start : first.end] == quotes[0].text
    assert (sources.is_final, sources.mode, sources.n_files) == (True, AnswerMode.QUOTES, 2)
    assert sources.passages == ()


def test_without_quotes_the_beginning_of_each_passage_is_quoted() -> None:
    _, sources = quoted_answer(Evidence(Verdict.FOUND, LEASE))
    assert sources.sources[0].quote == LEASE[0].text[: len(sources.sources[0].quote)]
    assert sources.sources[0].place.spans[0].start == 100


def test_nothing_found_has_the_closest_places_and_no_sentences() -> None:
    sources = nothing_found(Evidence(Verdict.NOT_FOUND, LEASE), AnswerMode.MODEL)
    assert (sources.verdict, sources.sentences, len(sources.sources)) == (Verdict.NOT_FOUND, (), 3)
    assert nothing_found(Evidence(Verdict.NOTHING_READ), AnswerMode.MODEL).sources == ()


@given(st.text(alphabet=st.sampled_from("ab 1.)-+#*_`[]()<>|~&!\\\n"), min_size=1, max_size=60))
def test_a_quote_is_shown_as_it_stands(quote: str) -> None:
    evidence = Evidence(Verdict.FOUND, (), (Quote(LEASE[0].place, quote, 1.0),))
    text, sources = quoted_answer(evidence)
    for token in MarkdownIt().parse(text):
        assert token.type in {
            "blockquote_open", "blockquote_close", "paragraph_open", "paragraph_close", "inline"
        }  # fmt: skip
        for child in token.children or ():
            assert child.type in {"text", "softbreak", "text_special"}
    (sentence,) = sources.sentences
    assert 0 <= sentence.start <= sentence.end <= len(text)
