"""Which addresses may be asked: public ones, unless private ones are allowed."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from rewriter.errors import FileError

# Parameters that tell where a reader came from, not what is shown.
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|mc_[ce]id|igshid|ref|ref_src|cmpid|ito|at_\w+|xtor|wt_mc|smid|src",
    re.IGNORECASE,
)


def is_url(text: str) -> bool:
    """True for an address that `ingest` fetches."""
    return text.lower().startswith(("http://", "https://"))


def host_of(url: str) -> str:
    """The host and port of a URL. Raises `FileError` for one that has none, or a password."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise FileError(f"{url}: not a URL: {error}") from error
    if not is_url(url) or not host:
        raise FileError(f"{url}: not a URL of http or https")
    if parts.username or parts.password:
        raise FileError(f"{url}: a URL with a user name or password is not fetched")
    return f"{host}:{port or (443 if parts.scheme.lower() == 'https' else 80)}"


def canonical(url: str) -> str:
    """A URL as it is compared: without scheme, `www.`, tracking, fragment and last slash."""
    try:
        parts = urlsplit(url.strip())
        kept = [pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0])]
    except ValueError:
        return url
    host = (parts.netloc or "").lower().removeprefix("www.")
    return urlunsplit(("", host, parts.path.rstrip("/"), urlencode(sorted(kept)), ""))


async def resolved(url: str, *, private: bool) -> str:
    """The IP address to ask for `url`.

    Raises `FileError` for a host that is not found, and for one in a private, loopback or
    link-local network unless `private` allows it. The address is the one to connect to: a second
    look-up could give another.
    """
    host, _, port = host_of(url).rpartition(":")
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FileError(f"{url}: the host {host} is not found: {error}") from error
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    for address in addresses:
        ip = ipaddress.ip_address(address)
        mapped = getattr(ip, "ipv4_mapped", None)
        if not private and not (mapped or ip).is_global:
            raise FileError(
                f"{url}: {address} is not a public address; --private allows such addresses"
            )
    return addresses[0]
