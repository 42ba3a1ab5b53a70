"""What is read of a model's row, whatever is in it."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.candidate import Candidate, Gate, Use
from app.hub.model_row import candidate_of, file_names

ENDPOINT = "https://hub.example"
KEYS = (
    "id",
    "sha",
    "tags",
    "cardData",
    "gguf",
    "siblings",
    "gated",
    "downloads",
    "likes",
    "lastModified",
    "pipeline_tag",
    "license",
    "license_link",
    "base_model",
    "language",
    "total",
    "architecture",
    "context_length",
    "chat_template",
    "rfilename",
    "lfs",
    "size",
    "sha256",
)
TEXTS = st.one_of(
    st.text(max_size=20), st.sampled_from(["org/name", "a-Q4_K_M.gguf", "../a.gguf", "x\u202e"])
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), TEXTS), inner, max_size=6),
    ),
    max_leaves=30,
)
ROWS = st.fixed_dictionaries({"id": st.just("org/name")}, optional=dict.fromkeys(KEYS[1:11], JSON))


@given(JSON)
def test_anything_may_come(row: object) -> None:
    found = candidate_of(row, ENDPOINT)
    assert found is None or isinstance(found, Candidate)
    file_names(row)


@given(ROWS)
def test_whatever_comes_is_fit_to_be_shown_and_stored(row: dict[str, object]) -> None:
    found = candidate_of(row, ENDPOINT)
    assert found is not None
    counts = (found.n_parameters, found.n_ctx_train, found.n_downloads, found.n_likes)
    assert all(0 <= one < 1 << 62 for one in counts)
    texts = (found.name, found.publisher, found.architecture, found.licence_id)
    assert all("\n" not in one and "\u202e" not in one and len(one) <= 200 for one in texts)
    assert found.commit == "" or len(found.commit) == 40
    assert found.licence_link == "" or found.licence_link.startswith("https://")
    paths = [one.path for version in found.versions for one in version.files]
    assert not any(".." in path.split("/") or "\\" in path for path in paths)


def row(**facts: object) -> Candidate:
    found = candidate_of({"id": "quant/Tiny-GGUF", **facts}, ENDPOINT)
    assert found is not None
    return found


def test_files_without_a_hash_are_known_as_such() -> None:
    lfs = {"size": 5, "sha256": "a" * 64}
    found = row(
        siblings=[
            {"rfilename": "a-Q4_K_M.gguf", "size": 5, "lfs": lfs},
            {"rfilename": "a-Q8_0.gguf", "size": 9},
        ]
    )
    assert [one.files[0].is_verified for one in found.versions] == [True, False]
    assert [one.size_bytes for one in found.versions] == [5, 9]


def test_licences() -> None:
    assert row(cardData={"license": "MIT"}).licence_id == "mit"
    assert row(tags=["license:apache-2.0"]).licence_id == "apache-2.0"
    assert row(cardData={"license": ["mit", "cc-by-4.0"]}).licence_id == "other"
    assert row().licence_id == ""
    for link in ("javascript:alert(1)", "http://x.example", "../../x", "/etc/passwd", "file:x"):
        assert row(cardData={"license_link": link}).licence_link == ""


def test_base_models_come_from_the_card_or_the_tags() -> None:
    tags = ["base_model:maker/Tiny", "base_model:quantized:maker/Tiny"]
    assert row(tags=tags).base_models == ("maker/Tiny",)
    assert row(tags=tags, cardData={"base_model": ["a/b", "c/d", 5]}).base_models == ("a/b", "c/d")
    assert (row(tags=tags).publisher, row().publisher) == ("maker", "quant")


def test_languages_are_codes() -> None:
    assert row(cardData={"language": ["EN", "de-AT", "en", "multilingual", 5]}).languages == (
        "en",
        "de",
    )
    assert row(tags=["gguf", "fr", "region:us"]).languages == ("fr",)


def test_gates_and_uses() -> None:
    values: tuple[object, ...] = ("auto", "manual", False, None, "odd", [])
    gates = [row(gated=value).gate for value in values]
    assert gates == [Gate.AUTOMATIC, Gate.MANUAL, *[Gate.NONE] * 4]
    assert row(pipeline_tag="feature-extraction").uses == (Use.EMBEDDING,)
    assert row(gguf={"architecture": "nomic-bert"}).uses == (Use.EMBEDDING,)
    assert row(pipeline_tag="text-generation").uses == (Use.CHAT,)
