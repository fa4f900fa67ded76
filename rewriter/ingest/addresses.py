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
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# What `--private` allows. Link-local addresses are not among them: a cloud's machines find their
# own credentials there (169.254.169.254).
_PRIVATE = tuple(
    map(
        ipaddress.ip_network,
        (
            *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
            *("::1/128", "fc00::/7"),
        ),
    )
)
# Clouds' metadata services at addresses that are not link-local.
_METADATA = frozenset(
    map(
        ipaddress.ip_address,
        ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"),
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


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

    Raises `FileError` for a host that is not found, and for one whose addresses are not public,
    unless `private` allows them: it allows loopback and private networks, but no link-local,
    multicast or metadata address. The address is the one to connect to: a second look-up could
    give another.
    """
    host, _, port = host_of(url).rpartition(":")
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FileError(f"{url}: the host {host} is not found: {error}") from error
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    for address in addresses:
        reached = _reached(ipaddress.ip_address(address))
        if not all(map(_is_public, reached)):
            allowed = all(_is_public(ip) or _is_private(ip) for ip in reached)
            if not allowed:
                raise FileError(f"{url}: {address} is not a public address, and is never asked")
            if not private:
                raise FileError(
                    f"{url}: {address} is not a public address; --private allows such addresses"
                )
    return addresses[0]


def _reached(ip: _Address) -> tuple[_Address, ...]:
    """The address, and the IPv4 address that packets to it may be passed on to."""
    if isinstance(ip, ipaddress.IPv4Address):
        return (ip,)
    if ip.ipv4_mapped:
        return (ip.ipv4_mapped,)
    passed_on = ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
    if ip in _NAT64:
        passed_on = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return (ip, passed_on) if passed_on else (ip,)


def _is_public(ip: _Address) -> bool:
    return ip.is_global and not ip.is_multicast and ip not in _METADATA


def _is_private(ip: _Address) -> bool:
    return ip not in _METADATA and any(ip in network for network in _PRIVATE)
