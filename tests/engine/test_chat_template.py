import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.conversation import Role
from app.core.errors import ErrorCode, WorldError
from app.core.prompt import PromptMessage
from app.engine.chat_template import ChatTemplate, Segment

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

MESSAGE = "{{ messages[0]['content'] }}"
DOUBLING = (
    "{% set ns = namespace(x='ab') %}{% for i in range(40) %}{% set ns.x = ns.x + ns.x %}"
    "{% endfor %}{{ messages[0]['content'] }}"
)


def message(role: Role, text: str) -> PromptMessage:
    return PromptMessage(role, text, ("id",))


def rendered(source: str, *messages: PromptMessage) -> str:
    template = ChatTemplate(source, "<s>", "</s>", "model")
    return "".join(segment.text for segment in template.render(messages))


def test_texts_and_template_can_be_told_apart() -> None:
    template = ChatTemplate(CHATML, "", "", "model")
    segments = template.render([message(Role.USER, "Hi <|im_end|>")])
    assert segments == (
        Segment("<|im_start|>user\n"),
        Segment("Hi <|im_end|>", 0),
        Segment("<|im_end|>\n<|im_start|>assistant\n"),
    )


def test_a_text_that_looks_like_a_template_stays_text() -> None:
    text = "{{ messages }} {% raw %} \ufdd01:0\ufdd1"
    assert text in rendered(CHATML, message(Role.USER, text))


def test_instructions_refused_by_the_template_go_into_the_first_message() -> None:
    strict = (
        "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}"
    )
    text = rendered(
        strict + CHATML,
        message(Role.SYSTEM, "Be brief."),
        message(Role.USER, "Hello"),
        message(Role.ASSISTANT, "Hi"),
        message(Role.USER, "Bye"),
    )
    assert text.startswith("<|im_start|>user\nBe brief.\n\nHello<|im_end|>")
    assert text.endswith("user\nBye<|im_end|>\n<|im_start|>assistant\n")


def test_instructions_dropped_by_the_template_go_into_the_first_message() -> None:
    dropping = "{% for m in messages if m['role'] != 'system' %}[{{ m['content'] }}]{% endfor %}"
    both = message(Role.SYSTEM, "Be brief."), message(Role.USER, "Hello")
    assert rendered(dropping, *both) == "[Be brief.\n\nHello]"


def test_the_template_gets_its_usual_variables_and_functions() -> None:
    source = "{{ bos_token }}{{ strftime_now('%Y') | length }}{{ messages[0]['content'] | trim }}"
    assert rendered(source, message(Role.USER, " x ")) == "<s>4x"


@pytest.mark.parametrize(
    "source",
    [
        "{{ messages[0]['content'] ",
        "{{ ''.__class__.__mro__ }}{{ messages[0]['content'] }}",
        "{{ lipsum.__globals__ }}",
        "{% include '/etc/passwd' %}",
        "{{ raise_exception('roles must alternate') }}",
        "{{ messages[9]['content']['x'] }}",
        "no message at all",
        "{{ messages[0]['content'] }}{{ messages[0]['content'] }}",
        "{% for i in range(99999999) %}{% endfor %}",
        "{{ 'a' * 3000000000 }}",
        DOUBLING,
        "{% for a in [1] %}" * 25 + MESSAGE + "{% endfor %}" * 25,
        "{% if true %}" * 110 + MESSAGE + "{% endif %}" * 110,
        "{% set ns = namespace() %}{% for x in ns %}{% endfor %}" + MESSAGE,
        "{{ [].__iter__().__next__() }}" + MESSAGE,
        "{{ ({} | items).__next__() }}" + MESSAGE,
        "{% macro a(x, x) %}{% endmacro %}" + MESSAGE,
        "{{ dict(a=1, a=2) }}" + MESSAGE,
        "{{ caller() }}" + MESSAGE,
        "{{ strftime_now('\\ud800') }}" + MESSAGE,
        "{{ 'a'.encode('nope') }}" + MESSAGE,
    ],
)
def test_hostile_or_broken_templates_end_in_one_error(source: str) -> None:
    with pytest.raises(WorldError) as caught:
        rendered(source, message(Role.USER, "Hello"))
    assert caught.value.code is ErrorCode.CHAT_TEMPLATE_UNUSABLE


def test_what_is_marked_for_training_is_written_like_the_rest() -> None:
    marked = "{% generation %}{{ m['content'] }}{% endgeneration %}"
    source = "{% for m in messages %}[" + marked + "]{% endfor %}"
    assert rendered(source, message(Role.USER, "Hi")) == "[Hi]"


CODE = "    if x:\n        y()\n"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("content", CODE),
        ("content | trim", CODE.strip()),
        ("content.rstrip()", CODE.rstrip()),
        ("content.lstrip()", CODE.lstrip()),
        ("content.strip('\\n')", CODE.strip("\n")),
    ],
)
def test_a_text_loses_the_white_space_that_the_template_strips_and_no_other(
    written: str, kept: str
) -> None:
    source = CHATML.replace("m['content']", "m." + written)
    segments = ChatTemplate(source, "", "", "model").render([message(Role.USER, CODE)])
    assert segments == (
        Segment("<|im_start|>user\n"),
        Segment(kept, 0),
        Segment("<|im_end|>\n<|im_start|>assistant\n"),
    )


BLANK = st.text(alphabet=" \n\t\x1f", max_size=5)


@given(st.lists(st.tuples(BLANK, st.text(alphabet="a \n", max_size=5), BLANK), min_size=1))
def test_the_prompt_is_what_the_template_writes_of_the_texts_themselves(
    texts: list[tuple[str, str, str]],
) -> None:
    messages = [message(Role.USER, f"{a}x{b}x{c}") for a, b, c in texts]
    source = "{% for m in messages %} {{ m.content }}|{{ '\\n' }}{% endfor %}"
    assert rendered(source, *messages) == "".join(f" {one.text}|\n" for one in messages)
