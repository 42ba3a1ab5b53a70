"""Which file of the Hub it is that arrives, so that two are never pieced together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """One version of one file.

    Attributes:
        repo_id: of the repository.
        path: of the file in it.
        commit: 40 hexadecimal digits.
        size_bytes: of the whole file.
        sha256: of the whole file, 64 hexadecimal digits.
    """

    repo_id: str
    path: str
    commit: str
    size_bytes: int
    sha256: str

    def is_same_content(self, other: "FileIdentity") -> bool:
        """Say whether both have the same bytes, of whatever repository or commit."""
        return (self.size_bytes, self.sha256) == (other.size_bytes, other.sha256)
