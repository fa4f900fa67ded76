"""Where money can be sent: wallets of the common chains, bank accounts and cards."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BASE58 = "[1-9A-HJ-NP-Za-km-z]"
_BECH32 = "[02-9ac-hj-np-z]"
# Bitcoin and its kin, Ethereum, Tron, XRP, Dogecoin, Monero, Cardano, TON, Cosmos and BNB chains. A
# wallet that is written in groups, with spaces between them, counts as well.
_WALLET = re.compile(
    r"(?<![A-Za-z\d])(?:0x(?:[ -]?[0-9a-fA-F]){40}"
    rf"|(?i:(?:bc|tb|ltc)1(?: ?{_BECH32}){{25,71}})"
    rf"|[13LM]{_BASE58}{{25,34}}|T{_BASE58}{{33}}|r{_BASE58}{{24,34}}|D{_BASE58}{{33}}"
    rf"|[48]{_BASE58}{{94}}|(?:addr|stake)1[0-9a-z]{{50,110}}|(?:Ae2|Ddz){_BASE58}{{50,110}}"
    rf"|(?:cosmos|osmo|bnb|kava|terra|inj|thor|celestia)1{_BECH32}{{38}}"
    rf"|(?:EQ|UQ)[\w-]{{46}}|(?:bitcoincash:)?[qp]{_BECH32}{{41}})(?![A-Za-z\d])"
)
# Base58 with all kinds of characters, as in Solana; 64 digits of a transaction or a key.
_LONG = re.compile(
    r"(?<![A-Za-z\d_/-])(?:[A-Za-z\d]{26,200}|0x[0-9a-fA-F]{3,16}(?:…|\.{3})[0-9a-fA-F]+)"
)
_ACCOUNT = re.compile(r"(?<![A-Za-z\d-])[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]{2,4}){3,8}(?![A-Za-z\d-])")
_CARD = re.compile(r"(?<![A-Za-z\d-])\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?![A-Za-z\d-])")
_LETTERS = re.compile("[A-Za-z]")
_DIGITS = re.compile(r"\d")
_HINT = re.compile(r"\b\w{24}|0x|\d{4}[ -]\d{4}|[A-Z]{2}\d{2}|[a-zA-Z]1 ?[a-zA-Z]")


def accounts_in(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where accounts stand, and for each whether it is one beyond doubt."""
    if not _HINT.search(text):
        return
    for found in _WALLET.finditer(text):
        if _DIGITS.search(found.group()):
            yield *found.span(), True
    for found in _ACCOUNT.finditer(text):
        digits = re.sub("[ -]", "", found.group())
        if 15 <= len(digits) <= 34 and (_is_iban(digits) or len(_DIGITS.findall(digits)) >= 14):
            yield *found.span(), True
    for found in _CARD.finditer(text):
        if not all(part[:2] in ("19", "20") for part in re.split("[ -]", found.group())):
            yield *found.span(), True
    for found in _LONG.finditer(text):
        if _DIGITS.search(found.group()) and _LETTERS.search(found.group()):
            yield *found.span(), False


def _is_iban(account: str) -> bool:
    """Whether the check digits of an account number are right (ISO 13616)."""
    moved = account[4:] + account[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1
