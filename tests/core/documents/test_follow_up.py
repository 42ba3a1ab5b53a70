"""Questions that lean on the conversation take its words; all others are left alone."""

import pytest

from app.core.documents.follow_up import says_enough, standing_alone


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
    "question",
    [
        "How much is the deposit?",
        "Is there a deposit?",
        "I need the rent, please",
        "How much rent is to be paid on top?",
        "Wie hoch ist die Kaution?",
        "Gibt es eine Kaution?",
        "Quel est le loyer ?",
        "Le loyer est-il indexé ?",
        "Y a-t-il une caution ?",
        "En quelle année finit le bail ?",
        "¿Cuánto es el alquiler?",
        "O que cobre a garantia?",
        "A quanto ammonta la cauzione?",
        "Hur hög är hyran?",
        "押金？",
    ],
)
def test_a_question_may_be_short_and_say_enough(question: str) -> None:
    assert says_enough(question)


@pytest.mark.parametrize(
    "question",
    [
        "And the deposit?",
        "For guests?",
        "Are you sure?",
        "When is it due?",
        "And how high is the deposit?",
        "Und die Kaution?",
        "Wie teuer ist es?",
        "Hoe duur is die?",
        "Quand est-il dû ?",
        "¿Y cuándo se paga el alquiler?",
        "E quando se paga a renda?",
        "它多少钱？",
    ],
)
def test_one_that_points_back_or_goes_on_does_not(question: str) -> None:
    assert not says_enough(question)


def test_the_first_question_is_left_alone() -> None:
    assert standing_alone("And it?", []) == "And it?"


def test_a_chain_goes_back_two_questions() -> None:
    asked = standing_alone("And why?", ["How much is the rent?", "And when is it due?"])
    assert "due" in asked
    assert "rent" in asked
