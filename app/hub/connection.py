"""How to reach the Hub, out of what the user has set: checked before anything is sent."""

import ipaddress
import re
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.network import HUB_ENDPOINT, NetworkSettings

PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_TOKEN = re.compile(r"[!-~]{1,500}")
"""One word of ASCII: anything else cannot stand in the head of a request."""


def check_settings(settings: NetworkSettings) -> None:
    """Look whether the Hub can be asked with these settings.

    Raises:
        WorldError: SETTING_UNUSABLE, with the name of the setting as `reason`.
    """
    check_endpoint(settings.endpoint)
    proxy_url(settings.proxy)
    if settings.certificates:
        add_certificates(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), settings.certificates)


def check_endpoint(endpoint: str) -> None:
    """Look whether `endpoint` is the address of a Hub.

    Unencrypted ones are taken on this computer and on the local network only: anybody on the
    way could put another model in the place of the one that was chosen.

    Raises:
        WorldError: SETTING_UNUSABLE "endpoint".
    """
    try:
        parts = urlsplit(endpoint)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise _unusable("endpoint", str(error)) from error
    if not host or parts.scheme not in _DEFAULT_PORTS or parts.query or parts.username:
        raise _unusable("endpoint", "no address of a server")
    if parts.scheme == "http" and not is_near(host):
        raise _unusable("endpoint", "not encrypted")


def proxy_url(proxy: str) -> str:
    """Give the address of a proxy with its scheme; "host:port" is one of the kind http.

    Returns:
        Empty for none.

    Raises:
        WorldError: SETTING_UNUSABLE "proxy".
    """
    if not proxy.strip():
        return ""
    url = proxy.strip() if "://" in proxy else f"http://{proxy.strip()}"
    url = url.replace("socks://", "socks5://", 1)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise _unusable("proxy", str(error)) from error
    if not host or parts.scheme not in PROXY_SCHEMES:
        raise _unusable("proxy", "no address of a proxy")
    return url


def add_certificates(context: ssl.SSLContext, path: str) -> None:
    """Trust the certificates in the file `path` (PEM) besides those that `context` does.

    Raises:
        WorldError: SETTING_UNUSABLE "certificates".
    """
    try:
        context.load_verify_locations(cadata=Path(path).read_text(encoding="ascii"))
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise _unusable("certificates", str(error)) from error


def clean_endpoint(settings: NetworkSettings) -> str:
    """Give the address that paths are put behind."""
    return settings.endpoint.strip().rstrip("/") or HUB_ENDPOINT


def origin_of(url: str) -> str:
    """Give scheme, host and port of an address: what a token may be sent to, or not."""
    parts = urlsplit(url)
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"


def host_of(url: str) -> str:
    """Give "host", or "host:port" where the port is not the usual one."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    is_usual = parts.port in (None, _DEFAULT_PORTS.get(parts.scheme))
    return host if is_usual else f"{host}:{parts.port}"


def is_near(host: str) -> bool:
    """Say whether a host is this computer or on its own network, as far as its name tells."""
    if host == "localhost" or host.endswith((".localhost", ".local")):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        pass
    try:
        # "127.1" and "2130706433" are taken for addresses too when a connection is opened.
        return ipaddress.ip_address(socket.inet_aton(host)).is_private
    except (OSError, UnicodeError):
        return "." not in host


def is_token(text: str) -> bool:
    """Say whether a text could be an access token at all."""
    return _TOKEN.fullmatch(text) is not None


def _unusable(reason: str, detail: str) -> WorldError:
    return WorldError(ErrorCode.SETTING_UNUSABLE, Facts(reason=reason), detail)
