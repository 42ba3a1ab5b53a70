"""The project's own questions: is the right document first, and is the verdict right?"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from app.core.documents import ranking
from app.core.documents.evidence import Evidence, Verdict
from tests import similar_documents
from tests.retrieval_rig import DocumentRig

QUESTIONS = Path(__file__).resolve().parents[1] / "core" / "documents" / "questions"


class Searched(Protocol):
    """Documents in an index that can be asked."""

    rig: DocumentRig

    def make_vectors(self) -> None:
        """Make the vectors of all chunks, and get ready to search."""

    def evidence(self, question: str, weight: float) -> Evidence:
        """Give what is found for a question."""


Make = Callable[[Path, Path], Searched]
"""Makes an index in a folder, with a model for vectors."""


def names(make: Make, work: Path, model: Path) -> None:
    """Print how often the passage of the document that is named comes first."""
    collection = make(work, model)
    for document in similar_documents.documents():
        collection.rig.add("all", document.name, document.text, document.language)
    collection.make_vectors()
    questions = similar_documents.questions()
    print(f"\nDocuments that only names tell apart: {len(questions)} questions")
    for way, has_vectors in (("words", False), ("words and vectors", True)):
        n_right = 0
        for one in questions:
            best = collection.evidence(one.question, 0.5 if has_vectors else 0.0).passages[0]
            is_file = best.place.path.as_posix() == f"/documents/{one.name}"
            n_right += is_file and one.answer in best.text
        print(f"  {way:<28} first {n_right / len(questions):.3f}")


def verdicts(make: Make, work: Path, model: Path) -> None:
    """Print how often it is rightly said that there is an answer, or none."""
    print("\nVerdicts that are right: + with an answer, * in quite other words, - without one")
    for name in ("tuned", "held_out", "en", "de", "fr", "es", "ru", "zh", "ar"):
        language = name if len(name) == len("en") else "en"
        documents, questions = read_questions(QUESTIONS / f"answers_{name}.txt")
        folder = work / name
        folder.mkdir()
        collection = make(folder, model)
        for file_name, text in documents.items():
            collection.rig.add("all", file_name, text, language)
        collection.make_vectors()
        knows = ranking.VECTOR_WEIGHT if language == "en" else ranking.FOREIGN_VECTOR_WEIGHT
        for way, weight in (("words", 0.0), ("words and vectors", knows)):
            kinds = {"+": [0, 0], "*": [0, 0], "-": [0, 0]}
            for kind, question in questions:
                verdict = collection.evidence(question, weight).verdict
                is_right = (verdict is Verdict.FOUND) == (kind != "-")
                kinds[kind][0] += is_right
                kinds[kind][1] += 1
            shares = "  ".join(f"{kind} {n}/{of}" for kind, (n, of) in kinds.items() if of)
            print(f"  {name:<9} {way:<18} {shares}")


def read_questions(path: Path) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Give the documents of a file of questions, and the questions with their kinds."""
    documents: dict[str, str] = {}
    questions: list[tuple[str, str]] = []
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "=":
            name = rest
        elif kind in ("+", "*", "-"):
            questions.append((kind, rest.partition(" | ")[0]))
        else:
            documents[name] = documents.get(name, "") + line + "\n"
    return documents, questions
