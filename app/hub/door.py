"""The one door to the network."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from app import __version__
from app.core.errors import BugError, ErrorCode, WorldError
from app.core.network import HUB_ENDPOINT, NetworkSettings, Purpose, Traffic
from app.hub.allowed_hosts import AllowedHosts
from app.hub.connection import (
    add_certificates,
    check_settings,
    clean_endpoint,
    host_of,
    is_token,
    proxy_url,
)
from app.hub.exchange import Exchanges, Reason, Record

if TYPE_CHECKING:
    import httpx2
    from huggingface_hub import HfApi

LIBRARY_NAME = "quillhouse"
CHUNK_BYTES = 256 << 10
"""What is lost when a connection breaks; the library's own 10 MiB would be too much."""

_SILENT_LIBRARY = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_SYMLINKS_WARNING": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
}
"""Read by the client library when it is imported: it reports nothing about this computer, uses
no second way to the network beside this door, and sends no token of the user's other tools."""
_REASON: ContextVar[Reason | None] = ContextVar("reason", default=None)
_LIBRARY_LOCK = threading.Lock()


class HubDoor:
    """Lets requests to the Hub out, or not.

    Can be used from several threads. There is one at a time: the client library shares its
    connections between all calls in a process.

    Args:
        record: is given each request when it has ended, in the thread that made it.
        trusted_origin: the only place that a token is ever sent to.
    """

    def __init__(self, record: Record, trusted_origin: str = HUB_ENDPOINT) -> None:
        os.environ.update(_SILENT_LIBRARY)
        self._trusted_origin = trusted_origin
        self._exchanges = Exchanges(record)
        self._lock = threading.Lock()
        self._settings = NetworkSettings()
        self._hosts = AllowedHosts(HUB_ENDPOINT, trusted_origin)
        self._problem: WorldError | None = None
        self._is_installed = self._is_closed = False

    # --- settings ---

    @property
    def settings(self) -> NetworkSettings:
        """What was set last."""
        return self._settings

    @property
    def endpoint(self) -> str:
        """The address of the Hub, without a slash at the end."""
        return clean_endpoint(self._settings)

    @property
    def host(self) -> str:
        """The Hub, as errors name it."""
        return host_of(self.endpoint)

    @property
    def may_send_token(self) -> bool:
        """Whether a token would be sent to this endpoint; never to a mirror."""
        return self._hosts.may_send_token

    @property
    def has_token(self) -> bool:
        """Whether requests carry a token."""
        return is_token(self._settings.token) and self.may_send_token

    @property
    def problem(self) -> WorldError | None:
        """What is wrong with the settings; raised by every request, which is not sent then."""
        return self._problem

    def configure(self, settings: NetworkSettings) -> None:
        """Use `settings` from now on; running transfers are cut off if they may not go on.

        What is wrong with the settings is kept as `problem`, and nothing is sent.
        """
        with self._lock:
            before, self._settings = self._settings, settings
            is_same_way = _way(before) == _way(settings)
            if not is_same_way:
                self._problem = _problem_of(settings)
                if self._problem is None or self._problem.facts.reason != "endpoint":
                    self._hosts = AllowedHosts(clean_endpoint(settings), self._trusted_origin)
        if self._is_installed:
            self._apply_offline()
        if settings.is_offline or not is_same_way:
            self._exchanges.cut_off_all()
            self._close_connections()

    def check_online(self) -> None:
        """Look whether anything may be sent now; cheap, for between the parts of a transfer.

        Raises:
            WorldError: OFFLINE, SETTING_UNUSABLE.
        """
        if self._settings.is_offline or self._is_closed:
            raise WorldError(ErrorCode.OFFLINE)
        if self._problem is not None:
            raise WorldError(self._problem.code, self._problem.facts, self._problem.detail)

    # --- asking ---

    @contextmanager
    def purpose(self, purpose: Purpose, subject: str = "") -> Iterator[None]:
        """Say what the requests inside are for; without that none goes out.

        Raises:
            WorldError: OFFLINE, SETTING_UNUSABLE, before anything is done.
        """
        self.check_online()
        self.open_library()
        token = _REASON.set(Reason(purpose, subject))
        try:
            yield
        finally:
            _REASON.reset(token)

    def reason(self) -> Reason:
        """Say what the present request is for."""
        reason = _REASON.get()
        if reason is None:
            raise BugError("a request that nobody has named the purpose of")
        return reason

    def headers(self) -> dict[str, str]:
        """Give the headers of a request, with the token if there is one for this endpoint."""
        from huggingface_hub.utils._headers import build_hf_headers  # noqa: PLC0415 - slow

        return build_hf_headers(
            token=self._settings.token if self.has_token else False,
            library_name=LIBRARY_NAME,
            library_version=__version__,
        )

    def api(self, token: str = "") -> "HfApi":
        """Give the Hub's interface.

        Args:
            token: to use instead of the one that is set, to try it out.
        """
        from huggingface_hub import HfApi  # noqa: PLC0415 - takes 0.7 s

        chosen = token or (self._settings.token if self.has_token else "")
        return HfApi(
            endpoint=self.endpoint,
            token=chosen or False,
            library_name=LIBRARY_NAME,
            library_version=__version__,
        )

    def session(self) -> "httpx2.Client":
        """Give the client that all requests go through."""
        from huggingface_hub import get_session  # noqa: PLC0415 - takes 0.7 s

        return get_session()

    def file_url(self, repo_id: str, path: str, revision: str = "") -> str:
        """Give the address of a file of a repository."""
        from huggingface_hub import hf_hub_url  # noqa: PLC0415 - takes 0.7 s

        return hf_hub_url(repo_id, path, revision=revision or None, endpoint=self.endpoint)

    def traffic(self) -> Traffic:
        """Give what requests have sent and received that are not in the ledger yet."""
        return self._exchanges.traffic()

    def cut_off_thread(self, thread_id: int) -> None:
        """Cut off what one thread waits for, so that it ends at once though nothing comes."""
        self._exchanges.cut_off_thread(thread_id)

    def close(self) -> None:
        """Cut off everything that runs, and send nothing more: the program ends."""
        self._is_closed = True
        self._exchanges.cut_off_all()
        self._close_connections()

    # --- the client library ---

    def open_library(self) -> None:
        """Import the client library and let it send through this door only.

        Takes 0.7 s and 33 MB the first time, so it is done by workers and when first needed.
        """
        with _LIBRARY_LOCK:
            if self._is_installed:
                return
            from huggingface_hub import constants, set_client_factory  # noqa: PLC0415

            constants.DOWNLOAD_CHUNK_SIZE = CHUNK_BYTES
            # Said again, in case something has imported the library before this door was made.
            constants.HF_HUB_DISABLE_TELEMETRY = True
            constants.HF_HUB_DISABLE_XET = True
            constants.HF_HUB_DISABLE_IMPLICIT_TOKEN = True
            for name in ("httpx2", "httpcore2", "huggingface_hub"):
                # They would write search texts and names of models into the log.
                logging.getLogger(name).setLevel(logging.ERROR)
            set_client_factory(self._make_client)
            self._is_installed = True
        self._apply_offline()

    def _make_client(self) -> "httpx2.Client":
        import httpx2  # noqa: PLC0415 - comes with the library
        from huggingface_hub.utils._http import hf_request_event_hook  # noqa: PLC0415

        from app.hub.transport import TIMEOUT, GuardedTransport, Routes  # noqa: PLC0415

        settings = self._settings
        context = httpx2.create_ssl_context()
        if settings.certificates:
            add_certificates(context, settings.certificates)
        routes = Routes(context, proxy_url(settings.proxy))
        transport = GuardedTransport(self, self._hosts, self._exchanges, routes)
        return httpx2.Client(
            transport=transport,
            event_hooks={"request": [hf_request_event_hook]},
            follow_redirects=True,
            timeout=TIMEOUT,
        )

    def _apply_offline(self) -> None:
        from huggingface_hub import constants  # noqa: PLC0415 - is imported by now

        constants.HF_HUB_OFFLINE = self._settings.is_offline

    def _close_connections(self) -> None:
        if self._is_installed:
            from huggingface_hub import close_session  # noqa: PLC0415 - is imported by now

            close_session()


def _way(settings: NetworkSettings) -> tuple[str, str, str]:
    return (clean_endpoint(settings), settings.proxy, settings.certificates)


def _problem_of(settings: NetworkSettings) -> WorldError | None:
    try:
        check_settings(settings)
    except WorldError as error:
        return error
    return None
