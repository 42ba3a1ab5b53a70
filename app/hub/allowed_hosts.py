"""Which hosts may be asked, and which of them may see the token."""

from urllib.parse import urlsplit

from app.core.network import HUB_ENDPOINT
from app.hub.connection import is_near, origin_of

HUB_DOMAINS = (".hf.co", ".huggingface.co")
"""Where the Hub keeps files: its CDNs are `cdn-lfs.hf.co`, `cas-bridge.xethub.hf.co` and such."""


class AllowedHosts:
    """The endpoint, and what it sends on to.

    The Hub itself may send on to its own CDNs only. Where a mirror keeps its files nobody
    knows beforehand, so what it names in a redirect is allowed: but not without encryption if
    it is asked with, and not this computer and its network if it is elsewhere.

    Args:
        endpoint: the Hub, or a mirror of it.
        trusted_origin: the only place that a token may be sent to.
    """

    def __init__(self, endpoint: str, trusted_origin: str) -> None:
        self._endpoint = origin_of(endpoint)
        self._is_trusted = self._endpoint == origin_of(trusted_origin)
        self._is_the_hub = self._endpoint == origin_of(HUB_ENDPOINT)
        self._learned: set[str] = set()

    @property
    def may_send_token(self) -> bool:
        """Whether a token may be sent to the endpoint."""
        return self._is_trusted

    def is_endpoint(self, url: str) -> bool:
        """Whether `url` is at the endpoint itself."""
        return origin_of(url) == self._endpoint

    def allows(self, url: str) -> bool:
        """Whether `url` may be asked for."""
        origin = origin_of(url)
        if origin == self._endpoint or origin in self._learned:
            return True
        return self._is_the_hub and _is_of_the_hub(url)

    def learn_redirect(self, source: str, target: str) -> None:
        """Allow what a mirror sends on to, if it was the mirror that said so."""
        if not self._is_the_hub and self.allows(source) and _may_lead(source, target):
            self._learned.add(origin_of(target))


def _may_lead(source: str, target: str) -> bool:
    here, there = urlsplit(source), urlsplit(target)
    is_as_safe = there.scheme == "https" or (there.scheme, here.scheme) == ("http", "http")
    return is_as_safe and (is_near(here.hostname or "") or not is_near(there.hostname or ""))


def _is_of_the_hub(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and f".{parts.hostname or ''}".endswith(HUB_DOMAINS)
