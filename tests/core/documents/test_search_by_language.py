"""Questions find their passage in a text of the same language, among others very like it.

`questions/` holds passages, one a line; a line that begins with "?" is a question to the passage
before it. Questions use other forms of the words than their passages.
"""

from pathlib import Path

import pytest

from app.store.document_search import DocumentSearch
from app.store.search_scope import WantedChunks, scope_of
from tests.retrieval_rig import DocumentRig

QUESTIONS = Path(__file__).with_name("questions")


def read(language: str) -> tuple[list[str], list[tuple[str, int]]]:
    passages: list[str] = []
    questions: list[tuple[str, int]] = []
    for line in (QUESTIONS / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("?"):
            questions.append((line[1:].strip(), len(passages) - 1))
        else:
            passages.append(line)
    return passages, questions


@pytest.mark.parametrize("language", ["de", "ru", "ar", "zh"])
def test_questions_find_their_passage(language: str, tmp_path: Path) -> None:
    passages, questions = read(language)
    assert len(passages) >= 60
    assert len(questions) >= 20
    rig = DocumentRig(tmp_path)
    rig.add_collection("all")
    for number, passage in enumerate(passages):
        rig.add("all", f"{number}.txt", passage, language)
    scope = scope_of(rig.database, ["all"])
    search, wanted = DocumentSearch(rig.database), WantedChunks(scope)
    missed = []
    for question, number in questions:
        found = search.find(scope, question, {}).ranked[:5]
        contents = [wanted.content_of(one) for one in found]
        names = [scope.files[one].path.stem for one in contents if one is not None]
        if str(number) not in names:
            missed.append(question)
    rig.database.close()
    assert len(missed) <= 0.05 * len(questions), missed
