"""Addresses on the net: URLs, domains of any ending, IP addresses, and domains spelled in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from ipaddress import AddressValueError, IPv6Address

from publicsuffixlist import PublicSuffixList

from rewriter.checks.lexicon import function_words
from rewriter.remembering import looked_up
from rewriter.text.quotations import MARKS

# Endings outside of the list: reserved for examples and private nets (RFC 2606, 6761, 7686), and
# those of the name services of blockchains.
_WALLETS = frozenset(
    {"eth", "crypto", "nft", "dao", "blockchain", "wallet", "sol", "bnb", "btc", "bit", "hns"}
)
_MORE_ENDINGS = _WALLETS | {
    *("example", "test", "invalid", "localhost", "local", "internal", "onion", "i2p")
}
# Hosts of invitations to chats and groups.
_INVITATIONS = frozenset(
    {"t.me", "telegram.me", "wa.me", "chat.whatsapp.com", "discord.gg", "signal.group", "m.me"}
)
# Endings that are taken for one behind a spelled-out point or a space; most others are words.
_SPOKEN = (
    "com|net|org|info|io|co|xyz|app|dev|site|online|shop|store|live|club|link|click|biz|win|top|vip"
    "|eu|de|ru|uk|cn|us|me|ai|gg|tv|example|test|invalid|onion|eth|ком|рф|ру|орг"
)
# Among them those that are also words behind "dot" or "Punkt", and behind "punto" or "point".
_WORDS_AS_WELL = frozenset({"me", "us", "top", "test", "live", "win"})
_ROMANCE_WORDS = _WORDS_AS_WELL | {"de", "co", "link"}
_ROMANCE_DOTS = frozenset({"punto", "point", "ponto"})
_DOT = r"dot|punkt|punto|point|ponto|punt|kropka|точка|nokta|点|ドット"
DOTS = rf"{_DOT}|D(?:OT|ot)|P(?:UNKT|unkt|UNTO|unto|OINT|oint|ONTO|onto)|ТОЧКА|NOKTA"
"""Words for the point of a domain, for a quick search that tells letters' cases apart."""
_UNITS = frozenset({"am", "pm", "cm", "km", "mm", "gb", "ms", "st"})
_ABBREVIATIONS = frozenset({"co.kg", "m.in"})  # Polish "among others"
# Firms and years of the "dot-com" boom, which is no address.
_DOTCOM = re.compile(
    r"[ -](?:boom|bubble|bust|compan|craze|crash|era|firm|industr|investor|mania|millionaire|share"
    r"|start|stock|year)",
    re.IGNORECASE,
)
_DOTCOM_NOUNS = frozenset(
    {"burbuja", "empresas", "empresa", "crisis", "bulle", "bolla", "bolha", "blase", "era", "boom"}
)
_REST = rf"[^\s<>{MARKS})\]，。、；！？（）》]{{0,2000}}"
# Letters of scripts without spaces stand directly before and behind an address; they are no part.
_DENSE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD = rf"[^\W{_DENSE}]"
_LABEL = rf"[^\W_{_DENSE}](?:(?:{_WORD}|-){{0,61}}[^\W_{_DENSE}])?"
_URL = re.compile(
    r"(?<![A-Za-z\d])(?:[a-z][a-z\d+.-]{1,20}\[?:\]?//|www\d?\.|//(?=[\w-]{1,63}\.[a-z])"
    r"|(?:mailto|sms|javascript|vbscript|bitcoin|ethereum|litecoin|monero|magnet|whatsapp|skype"
    rf"|intent|view-source):(?=\S)|tel:(?=[+\d])|data:(?=[a-z]{{1,20}}/)){_REST}",
    re.IGNORECASE,
)
_DOMAIN = re.compile(
    rf"(?<!{_WORD})(?<![@.-])(?P<host>(?:{_LABEL}\.){{1,5}}"
    rf"(?P<ending>[^\W\d_{_DENSE}](?:{_WORD}|-){{1,62}}))"
    rf"(?!{_WORD})(?![@-])(?P<path>(?::\d{{2,5}})?/{_REST}|:\d{{2,5}}\b)?"
)
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IP4 = re.compile(
    rf"(?<![A-Za-z\d_.,-]){_OCTET}(?:\.{_OCTET}){{3}}(?![A-Za-z\d_-]|[.,]\d)(?:[:/]{_REST})?"
)
_IP6 = re.compile(r"(?<![\w:.])[0-9a-f]{0,4}(?::{1,2}[0-9a-f]{1,4}){2,7}(?![\w:])", re.IGNORECASE)
_HEX_IP = re.compile(r"\b0x[0-9a-f]{8}\b", re.IGNORECASE)
_SPELLED = (
    # win[.]example, win (dot) example
    re.compile(
        rf"(?<!{_WORD})({_LABEL})\s?[\[({{<]\s?(?:\.|·|{_DOT})\s?[\])}}>]\s?([^\W\d_][\w-]{{1,62}})",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\w-])([a-z\d-]{2,63})DOT([a-z]{2,24})(?![\w-])"),
)
_SPOKEN_DOMAIN = re.compile(
    rf"(?<![\w-])({_LABEL})(?: ({_DOT}) | ?[-_]dot[-_] ?| \. ?)({_SPOKEN})(?![\w-])", re.IGNORECASE
)
_SPOKEN_POINT = re.compile(
    rf" (?i:{_DOT}) |[-_](?i:dot)[-_]|[a-z\d]DOT[a-z]|[\[({{<]\s?(?:[.·]|(?i:{_DOT}))\s?[\])}}>]"
)
_SPOKEN_HINT = re.compile(rf" (?:{DOTS}) |[-_]dot[-_]|DOT| \. ?\w|[\[({{<]\s?(?:[.·]|{DOTS})")
_DOMAIN_HINT = re.compile(r"\.[^\W\d_]")
_URL_HINT = re.compile(r"//|:[^\s\d]|www|[Tt][Ee][Ll]:|[Ww]{3}")


def addresses_in(text: str) -> Iterator[tuple[int, int]]:
    """Where URLs, domains and IP addresses stand, spelled out ones included."""
    if _URL_HINT.search(text):
        yield from (found.span() for found in _URL.finditer(text))
    for pattern in (_IP4, _HEX_IP):
        yield from (found.span() for found in pattern.finditer(text))
    if "::" in text or text.count(":") > 2:
        yield from (f.span() for f in _IP6.finditer(text) if _is_ip6(f.group()))
    if _DOMAIN_HINT.search(text):
        yield from (found.span() for found in _DOMAIN.finditer(text) if _is_domain(found))
    if _SPOKEN_HINT.search(text):
        yield from _spelled(text)


def host_of(address: str) -> str:
    """The host of an address without scheme, user, port and path, in lower case."""
    bare = re.sub(r"^(?:[a-z][a-z\d+.-]*\[?:\]?)?//", "", address.casefold())
    authority = re.split(r"[/?#]", bare, maxsplit=1)[0]
    return re.sub(r":\d*$", "", authority.rpartition("@")[2]).removeprefix("www.")


def spelled_plainly(address: str) -> str:
    """An address with its spelled-out points as points: "win [dot] example" is win.example."""
    text = re.sub(
        rf"\s?[\[({{<]\s?(?:\.|·|{_DOT})\s?[\])}}>]\s?", ".", address, flags=re.IGNORECASE
    )
    text = re.sub(rf" (?:{_DOT}) | ?[-_]dot[-_] ?| ?\. ?", ".", text, flags=re.IGNORECASE)
    return re.sub(r"^hxxp", "http", re.sub("DOT(?=[a-z]+$)", ".", text), flags=re.IGNORECASE)


def is_deceptive(address: str) -> bool:
    """Whether an address has a user's name before its host, or letters of two scripts in one label.

    The first shows a host that it does not lead to, the second looks like another (UTS 39).
    """
    rest = address.partition("://")[2]
    if rest and "@" in re.split(r"[/?#]", rest, maxsplit=1)[0]:
        return True
    return any(len(_scripts(label)) > 1 for label in host_of(address).split("."))


def is_disguised(address: str) -> bool:
    """Whether an address is none that a publisher prints: a spoken one, a machine's, a wallet's.

    Those of name services of blockchains ("name.eth") name wallets; invitations to a chat lead to
    strangers.
    """
    if _SPOKEN_POINT.search(address) or _IP4.search(address) or _HEX_IP.search(address):
        return True
    host = host_of(address)
    return host in _INVITATIONS or host.rpartition(".")[2] in _WALLETS


def _scripts(label: str) -> set[str]:
    if label.isascii():
        return set()
    names = (unicodedata.name(c, "").split(" ")[0] for c in label if c.isalpha())
    return {name for name in names if name in ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN")}


def _is_domain(found: re.Match[str]) -> bool:
    host, ending, path = found["host"], found["ending"], found["path"]
    labels = host.split(".")[:-1]
    if ending.lower() in _MORE_ENDINGS:
        return True
    has_path = path is not None and path[:1] == "/" and len(path) > 1
    if has_path and host == host.lower() and all(len(label) > 1 for label in labels):
        return True  # whatever its ending: nothing but an address has a path
    if host.lower() in _ABBREVIATIONS or (ending.lower() in _UNITS and labels[-1].isdigit()):
        return False
    named = labels[-1][0].isupper() and ending.lower() not in function_words()
    if ending.istitle() and not named:
        return False  # "growth.In": a space is missing
    return _has_ending(host.lower())


@looked_up(10_000)
def _has_ending(host: str) -> bool:
    """Whether a host has an ending of the public suffix list, and a name before it."""
    suffix = _suffixes().publicsuffix(host)
    return suffix is not None and suffix != host


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)


def _is_ip6(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


def _spelled(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _SPELLED:
        yield from (found.span() for found in pattern.finditer(text))
    for found in _SPOKEN_DOMAIN.finditer(text):
        name, dot, ending = (part.lower() for part in found.groups(""))
        words = _ROMANCE_WORDS if dot in _ROMANCE_DOTS else _WORDS_AS_WELL
        boom = ending == "com" and (name in _DOTCOM_NOUNS or _DOTCOM.match(text, found.end()))
        if not (boom or ending in words or name in function_words()):
            yield found.span()
