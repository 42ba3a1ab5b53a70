"""What the Hub says of one repository now: files with sizes and hashes, commit, licence."""

from urllib.parse import quote

from app.core.candidate import Candidate
from app.core.errors import ErrorCode, Facts, WorldError
from app.core.network import Purpose
from app.hub.door import HubDoor
from app.hub.model_row import base_models_of, candidate_of, file_names
from app.hub.questions import api_url, ask, read_text

MAX_LICENCE_BYTES = 256 << 10
_LICENCE_NAMES = ("license", "licence", "copying", "use_policy", "notice")
"""How names of files with a licence begin, best first."""


def read_repository(
    door: HubDoor, repo_id: str, revision: str = "", purpose: Purpose = Purpose.MODEL_FACTS
) -> Candidate:
    """Ask about one repository, with one request.

    Args:
        door: to the network.
        repo_id: of the repository.
        revision: commit or branch; empty for the newest.
        purpose: for the ledger.

    Raises:
        WorldError: NO_MODEL_FILES, and as `app/hub/failures.py` says.
    """
    with door.purpose(purpose, repo_id):
        candidate = candidate_of(_row(door, repo_id, revision), door.endpoint)
    if candidate is None:
        facts = Facts(host=door.host, repo_id=repo_id)
        raise WorldError(ErrorCode.ANSWER_UNREADABLE, facts, "no repository")
    if not candidate.versions:
        raise WorldError(ErrorCode.NO_MODEL_FILES, Facts(repo_id=repo_id))
    return candidate


def read_licence(door: HubDoor, repo_id: str, commit: str = "") -> str:
    """Give the text of a licence, of the repository or else of what it was made from.

    Repositories of converted models seldom have one of their own.

    Returns:
        Empty if none of them has such a file.

    Raises:
        WorldError: as `app/hub/failures.py` says, for the repository itself.
    """
    found, base_models = _licence_of(door, repo_id, commit)
    for base in base_models[:1] if not found else ():
        try:
            found, _ = _licence_of(door, base, "")
        except WorldError as error:
            if error.code not in _NOT_TO_BE_HAD:
                raise
    return found


_NOT_TO_BE_HAD = frozenset(
    {
        ErrorCode.REPOSITORY_MISSING,
        ErrorCode.REPOSITORY_DISABLED,
        ErrorCode.REMOTE_FILE_MISSING,
        ErrorCode.ACCESS_NEEDED,
        ErrorCode.ACCESS_REFUSED,
    }
)
"""The model is here, though not what it was made from: no reason to fail."""


def _licence_of(door: HubDoor, repo_id: str, commit: str) -> tuple[str, tuple[str, ...]]:
    """Give the licence that a repository has, and what its model was made from."""
    with door.purpose(Purpose.LICENCE, repo_id):
        row = _row(door, repo_id, commit, has_sizes=False)
        best = min(filter(_is_licence, file_names(row)), key=_licence_rank, default="")
        text = read_text(door, repo_id, best, commit, MAX_LICENCE_BYTES) if best else ""
        return text, base_models_of(row)


def _row(door: HubDoor, repo_id: str, revision: str, *, has_sizes: bool = True) -> object:
    rest = f"/revision/{quote(revision, safe='')}" if revision else ""
    parameters = {"blobs": "true"} if has_sizes else None
    return ask(door, api_url(door, repo_id, rest), parameters, repo_id).value


def _is_licence(path: str) -> bool:
    return "/" not in path and path.lower().startswith(_LICENCE_NAMES)


def _licence_rank(path: str) -> int:
    return next(i for i, name in enumerate(_LICENCE_NAMES) if path.lower().startswith(name))
