"""Which addresses may be asked: public ones, and private ones where they are allowed."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from rewriter.errors import FileError

# Parameters that tell where a reader came from, not what is shown.
_CAMPAIGN = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|mc_[ce]id|igshid|cmpid|xtor|wt_mc|smid",
    re.IGNORECASE,
)
# The same, and names that some sites have for another use.
_TRACKING = re.compile(rf"{_CAMPAIGN.pattern}|ref|ref_src|ito|at_\w+|src", re.IGNORECASE)

# What `--private` allows: loopback and the networks of RFC 1918, 4193 and 6598.
_PRIVATE = [
    ip_network(network)
    for network in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
        *("::1/128", "fc00::/7"),
    )
]
# Neither public nor allowed, whatever `ipaddress` says: where clouds serve a machine's credentials
# (AWS, Google, Alibaba, Oracle, Azure), site-local addresses, and local NAT64 (RFC 8215).
_NEVER = [
    ip_network(network)
    for network in (
        *("fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "192.0.0.0/24", "168.63.129.16"),
        *("fec0::/10", "64:ff9b:1::/48"),
    )
]
# IPv6 networks whose addresses end in an IPv4 address: NAT64 (RFC 6052) and compatible ones.
_ENDING_IN_IPV4 = [ip_network("64:ff9b::/96"), ip_network("::/96")]


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


def joined(base: str, address: str) -> str:
    """The whole of an address that stands at `base`; empty for what is none."""
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def untracked(url: str) -> str:
    """A URL to publish: without the parameters of campaigns, every other byte as it was."""
    before, mark, rest = url.partition("?")
    query, hash_mark, fragment = rest.partition("#")
    kept = [pair for pair in query.split("&") if not _CAMPAIGN.fullmatch(pair.partition("=")[0])]
    return f"{before}{mark if any(kept) else ''}{'&'.join(kept)}{hash_mark}{fragment}"


def canonical(url: str) -> str:
    """A URL as it is compared: without scheme, `www.`, tracking, fragment and last slash."""
    try:
        parts = urlsplit(url.strip())
        kept = [pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0])]
    except ValueError:
        return url
    host = parts.netloc.lower().removeprefix("www.")
    return urlunsplit(("", host, parts.path.rstrip("/"), urlencode(sorted(kept)), ""))


async def resolved(url: str, *, private: bool) -> str:
    """The IP address to ask for `url`.

    Connect to this address: a second look-up could give another. Raises `FileError` for a host that
    is not found or not public. `private` allows private and loopback networks, and no others.
    """
    host, _, port = host_of(url).rpartition(":")
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FileError(f"{url}: the host {host} is not found: {error}") from error
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    for address in addresses:
        ip = _reached(ipaddress.ip_address(address))
        is_public = ip.is_global and not ip.is_multicast and not ip.is_reserved
        if _is_in(_NEVER, ip) or not (_is_in(_PRIVATE, ip) or is_public):
            raise FileError(
                f"{url}: {address} is neither a public address nor one of a private network; "
                "it is never asked"
            )
        if _is_in(_PRIVATE, ip) and not private:
            raise FileError(
                f"{url}: {address} is not a public address; --private allows such addresses"
            )
    return addresses[0]


def _is_in(networks: list[IPv4Network | IPv6Network], ip: IPv4Address | IPv6Address) -> bool:
    return any(ip in network for network in networks)


def _reached(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address that is reached by `ip`: the IPv4 address where an IPv6 address holds one."""
    if isinstance(ip, IPv4Address):
        return ip
    if held := ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1]):
        return held
    if ip.is_loopback or not _is_in(_ENDING_IN_IPV4, ip):
        return ip
    return IPv4Address(int(ip) & 0xFFFFFFFF)
