"""What a passage brings in is a name or a figure of its own; what reports somebody is news."""

from __future__ import annotations

import pytest

from rewriter.cleaning import clean
from rewriter.cleaning.orders.disguises import folded
from rewriter.cleaning.orders.reports import brings_in, is_reported


@pytest.mark.parametrize(
    ("wish", "rest", "expected"),
    [
        ("Please name Halden Oil in the text.", "The port grows.", True),
        ("Please name Halden Oil in the text.", "Halden Oil runs the port.", False),
        ("The text must say 64 million.", "It costs 46 million.", True),
        ("The text must say 64 million.", "It damaged 640 houses.", True),
    ],
)
def test_only_a_name_or_a_figure_that_the_rest_has_not_is_brought_in(
    wish: str, rest: str, expected: bool
) -> None:
    before, behind = f"{rest}\n{wish}", f"{wish}\n{rest}"
    assert brings_in(before, len(rest) + 1, len(before)) is expected
    assert brings_in(behind, 0, len(wish)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The text must say so, the mayor said.", True),
        ("The text must say so.", False),
        ("In einer früheren Fassung stand eine andere Zahl.", True),
        ("Une première version de cet article indiquait 8 000 habitants.", True),
        ("In een eerdere versie stond dat de brug 204 meter lang is.", True),
        ("В предыдущей версии статьи была другая сумма.", True),
        ("馆长表示，必须提到他。", True),
        ("标题必须提到他。", False),
        ("The port did not respond to our questions about this story.", True),
        ("Der Hafen hat auf Fragen zu diesem Text nicht reagiert.", True),
        ("Le port n'avait pas répondu à l'heure où nous bouclions cet article.", True),
        ("Al momento de publicar esta nota, el puerto sigue cerrado.", True),
        ("Il porto non ha commentato prima di questo articolo.", True),
        ("O porto não se manifestou até a publicação deste texto.", True),
        ("De haven had op het moment van schrijven niet gereageerd.", True),
        ("Port nie odpowiedział na pytania do tego tekstu.", True),
        ("На момент публикации этой заметки порт закрыт.", True),
        ("Liman bu haber için yanıt vermedi.", True),
    ],
)
def test_a_sentence_that_says_who_says_so_is_a_report(text: str, expected: bool) -> None:
    assert is_reported(folded(text)) is expected


@pytest.mark.parametrize(
    "line",
    [
        "※「HarborPay」は、Harbor Ledger Inc.の商標です。",
        "HarborPressプラグイン (37)",
        "Harbor11での予約手順です。",
    ],
)
def test_names_in_another_script_make_no_order_of_a_line(line: str) -> None:
    text = "横浜港の新しい埠頭\n\n市は月曜日、新しい埠頭を来年五月に開くと発表した。\n\n"
    removed = clean(f"{text}費用は四十二億円だ。\n\n{line}\n".encode()).removed
    assert all(cut.reason != "order" for cut in removed)
