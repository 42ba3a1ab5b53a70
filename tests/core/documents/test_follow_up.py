"""Questions that lean on the conversation take its words; all others are left alone."""

import pytest

from app.core.documents.follow_up import points_back, standing_alone


@pytest.mark.parametrize(
    ("earlier", "question", "words"),
    [
        ("How much is the rent?", "And when is it due?", ["rent"]),
        ("How long is the warranty of the bicycle frame?", "And the brakes?", ["warranty"]),
        ("Who is the treasurer?", "Why was she elected?", ["treasurer"]),
        ("Wie hoch ist die Kaution?", "Und wann bekomme ich sie zurück?", ["kaution"]),
        ("Quel est le loyer de la cave ?", "Et quand faut-il le payer ?", ["loyer", "cave"]),
        ("¿Cuánto cuesta el alquiler?", "¿Y cuándo se paga?", ["alquiler"]),
        ("Сколько стоит аренда склада?", "А когда её платить?", ["аренда", "склада"]),
        ("ما هو مبلغ التأمين؟", "ومتى يعاد هذا؟", ["التأمين"]),
        ("押金是多少钱？", "什么时候退？", ["押金"]),
    ],
)
def test_leaning_questions(earlier: str, question: str, words: list[str]) -> None:
    asked = standing_alone(question, [earlier])
    assert asked.startswith(question)
    assert all(word in asked for word in words)


@pytest.mark.parametrize(
    "question",
    [
        "Which apple trees did the garden club plant along the fence?",
        "Wie lange gilt die Garantie des Fahrradrahmens?",
        "Какой мост открыл мэр города в апреле?",
        "俱乐部的年费和学生的年费分别怎么算？",
    ],
)
def test_questions_that_say_all(question: str) -> None:
    assert standing_alone(question, ["How much is the rent of the flat?"]) == question


@pytest.mark.parametrize(
    ("question", "does"),
    [
        ("How much is the deposit?", False),
        ("Wie hoch ist die Kaution?", False),
        ("Quel est le loyer ?", False),
        ("¿Cuánto es el alquiler?", False),
        ("How much rent is to be paid on top?", False),
        ("Hur hög är hyran?", False),
        ("Wie teuer ist es?", True),
        ("Hoe duur is die?", True),
        ("押金？", False),
        ("And the deposit?", True),
        ("When is it due?", True),
        ("Und die Kaution?", True),
        ("它多少钱？", True),
    ],
)
def test_short_is_not_yet_pointing_back(question: str, *, does: bool) -> None:
    assert points_back(question) is does


def test_the_first_question_is_left_alone() -> None:
    assert standing_alone("And it?", []) == "And it?"


def test_a_chain_goes_back_two_questions() -> None:
    asked = standing_alone("And why?", ["How much is the rent?", "And when is it due?"])
    assert "due" in asked
    assert "rent" in asked
