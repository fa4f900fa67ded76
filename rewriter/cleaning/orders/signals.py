"""How much a sentence looks like an order to a model: features that are added up.

No feature decides alone, but for marks that no article has: those of a chat, of a prompt's
container, of an answer in JSON.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

ORDER = 5
"""From here on a sentence is an order; the weights below were chosen with it."""

_VERB, _DUTY, _TASK, _OWN, _MUST, _OBJECT = 2, 2, 2, 2, 2, 2
_LABEL, _WEAK_LABEL = 4, 2
_LIFT, _ADDRESSED, _ROLE = 5, 3, 3
_HERE, _AMENDS, _MACHINE, _PRODUCT, _CONTACT = 1, 1, 1, 1, 1
# Labels that other texts have too: a recipe's instructions, a programme's output.
_WEAK = frozenset(
    "system user human prompt output instruction instructions override systeme utilisateur humain instructions sortie"
    " consigne consignes sistema usuario salida istruzioni utente instrucciones instruccion instrucao instrucoes saida"
    " nutzer benutzer mensch anweisung anweisungen ausgabe gebruiker instructies instructie uitvoer uzytkownik"
    " instrukcje polecenia polecenie система пользователь инструкции инструкция указания вывод sistem kullanici"
    " talimat talimatlar cikti 系统 用户 指令 指示 提示 输出 システム ユーザー 指示 命令 出力 النظام المستخدم التعليمات"
    .split()
)

# Between a verb and what it is about, in characters.
_NEAR = 60
_AFTER = (
    r"(?:^|[:;,.!?()\"“”«»>*|/=\[\]{}#–—-]\s*|\b(?:heading|headline|summary|overview|answer|output|section|category|topic|field|rewrite|version)\s+|\b(?:and|then|now|please|also|so|just|but|instead|must|should"
    r"|simply|kindly|und|dann|jetzt|bitte|sondern|et|puis|maintenant|mais|y|luego|ahora|pero|e|poi|ora|ma|agora|mas"
    r"|en|dan|nu|i|oraz|teraz|и|а|затем|теперь|ve|simdi|و)\s+)"
)
_AFTER_DENSE = r"(?:^|[,。;:,、!?\s“\"「]|请|并且?|然后|再|必须|应该|应当|要|务必|同时)"
_DENSE = ("zh", "ja")
_LATIN = re.compile("[a-z]{2}")
_SCRIPTS = {
    "ru": re.compile("[а-я]{2}"),
    "zh": re.compile("[\u4e00-\u9fff]{2}"),
    "ja": re.compile("[\u3040-\u30ff]"),
    "ar": re.compile("[\u0600-\u06ff]{2}"),
}
_PARTS = (
    "write", "rewrit", "instruct", "prompt", "output", "summar", "overview", "ignore", "disregard", "system", "article"
    ,"headline", "mention", "schreib", "anweisung", "ignorier", "zusammenfass", "ecri", "consigne", "escrib", "instruc"
    ,"escrev", "scriv", "istruzion", "schrijf", "opdracht", "napisz", "polecen", "напиш", "инструкц", "игнорир"
    ,"yaz", "talimat", "指令", "忽略", "指示", "無視", "تجاهل", "اكتب",
)
# Where the verb stands at the end.
_VERB_LAST = ("tr", "ja", "zh")

_NAMES = (
    r"(?:article|text|title|source|rewrite|questions?|publisher|published|system|user|assistant|human"
    r"|instructions?|prompt|document|context|input|output|findings|cited|data|story|news|content|body|message)"
)
_MARKS = re.compile(
    # the container's end or begin in any brackets; a token of a chat; a role's header
    rf"[<\[{{(‹〈⟨«]\s*[\\/]\s*{_NAMES}\s*[\w\s=\"'-]{{0,40}}[>\]}})›〉⟩»]?"
    rf"|[<‹〈⟨]\s*(?:system|user|assistant|instructions?|prompt|article|source|rewrite)\b[^<>]{{0,40}}[>›〉⟩]"
    r"|<\s*\|[^|<>]{1,40}\|\s*>|<｜[^<>]{1,40}｜>|\|im_(?:start|end)\||<(?:start|end)_of_turn>"
    r"|<\s*/?\s*(?:sys|s|bos|eos|think|tool_call|function_call)\s*>|<<\s*/?\s*sys\s*>>"
    r"|\[\s*/?\s*(?:inst|sys|system|system_prompt|user|assistant|tool_calls|available_tools)\s*\]"
    r"|^#{1,6}\s*(?:system|instructions?|response|user|assistant|human|input|output|new instructions?)\b\s*:?"
    r"|(?:[-=*_#]{3,}|\bbegin|\bend)\s*(?:of\s+)?(?:the\s+)?(?:system|instructions?|prompt|user input|document|article|untrusted|context)"
    r"\b[^.]{0,30}(?:[-=*_#]{3,}|$)"
    r"|^\W*(?:system|assistant|user|human)\s*:\s*$|\]\]>|\{\{\s*#?(?:system|user|assistant)"
)
_CONTACTS = re.compile(r"https?://|www\.|\w@\w|\b0x[0-9a-f]{8}|(?:\d[ ./-]?){7}")
_ELEMENTS = re.compile(r"^<\s*/?\s*(?:article|title|source|data|output|input|s|content|body|document)\b")
HTML = re.compile(r"<(?:p|span|div|a|img|li|ul|br|aside|figure|picture|h\d)\b")
_KEYS = (
    r"(?:headline|overview|details|from_author|impact|qa|tags|category|sentiment|topic|field|bullets|faults"
    r"|paragraphs|summary|title|content|role)"
)
_JSON_KEY = re.compile(rf"[\"'“”]\s*{_KEYS}\s*[\"'“”]\s*:")
_YAML_KEY = re.compile(rf"(?:^|[\n;,{{])\s*[-*]?\s*{_KEYS}\s*[:=]\s*\S")
_ROLE_LINE = re.compile(r"(?:^|\n)\W{0,4}(assistant|ai|bot|model|chatgpt|gpt|assistent|ki|assistante?|ia|asistente"
    r"|ассистент|助手|アシスタント|asistan|مساعد|asystent)\s*[:：]", re.IGNORECASE)
_ASKER_LINE = re.compile(r"(?:^|\n)\W{0,4}(user|human|system|nutzer|benutzer|mensch|utilisateur|humain|systeme|usuario"
    r"|sistema|utente|usuario|gebruiker|uzytkownik|пользователь|система|用户|系统|ユーザー|kullanici|المستخدم"
    r"|editor|q|question|prompt)\s*[:：]", re.IGNORECASE)


class _Table(NamedTuple):
    """The compiled features of one language."""

    script: re.Pattern[str]
    prefilter: re.Pattern[str]
    lift: re.Pattern[str]
    addressed: re.Pattern[str]
    role: re.Pattern[str]
    label: re.Pattern[str]
    verb: re.Pattern[str]
    duty: re.Pattern[str]
    task: re.Pattern[str]
    own: re.Pattern[str]
    must: re.Pattern[str]
    product: re.Pattern[str]
    thing: re.Pattern[str]
    here: re.Pattern[str]
    amends: re.Pattern[str]
    machine: re.Pattern[str]
    told: re.Pattern[str]


class Strength(NamedTuple):
    """What speaks for an order: the sum of the features, and whether a model is spoken to."""

    score: int
    marks: bool = False


def has_marks(text: str) -> bool:
    """Whether a folded text has what belongs to a chat, a prompt or a model's answer.

    Elements that HTML has too are none where the text is full of HTML.
    """
    if any(not (_ELEMENTS.search(found[0]) and HTML.search(text)) for found in _MARKS.finditer(text)):
        return True
    if len(_JSON_KEY.findall(text)) > 1 or len(_YAML_KEY.findall(text)) > 2:
        return True
    return bool(_ROLE_LINE.search(text) and _ASKER_LINE.search(text))


def strength(text: str, *, hidden: bool = False) -> int:
    """The sum of the features of a folded sentence, in the language that has most of them.

    A sentence without a word of a model's task has 0, but not where it was `hidden`.
    """
    told = (
        table
        for table in _tables()
        if table.script.search(text) and (hidden or table.prefilter.search(text))
    )
    return max((_sum(table, text) for table in told), default=0)


def may_tell(text: str) -> bool:
    """Whether a text has a part of a word of a model's task, in any of the languages in print.

    A quick look at nonsense that may be a sentence in a code.
    """
    return any(part in text for part in _PARTS)


def speaks_of_models(text: str) -> bool:
    """Whether a folded sentence mentions models, the writing of texts, or fraud."""
    return _TOPIC.search(text) is not None


def _sum(table: _Table, text: str) -> int:
    told = table.told.search(text)
    lifted = table.lift.search(text)
    score = 0
    if lifted and not (told and told.start() < lifted.start()):
        score += _LIFT
    if table.addressed.search(text):
        score += _ADDRESSED
    elif table.machine.search(text):
        score += _MACHINE
    if table.role.search(text):
        score += _ROLE
    score += _labelled(table, text)
    verb = table.verb.search(text)
    if verb and not (told and told.start() < verb.start()):
        score += _VERB + _OBJECT * bool(table.thing.search(text))
        score += _CONTACT * bool(_CONTACTS.search(text))
    if table.duty.search(text):
        score += _DUTY
    if table.task.search(text):
        score += _TASK
    if table.own.search(text):
        score += _OWN
    if table.must.search(text):
        score += _MUST
    score += _HERE * bool(table.here.search(text)) + _AMENDS * bool(table.amends.search(text))
    return score


def _labelled(table: _Table, text: str) -> int:
    found = table.label.search(text)
    if not found:
        return 0
    if re.sub(r"[\W_]", "", found[0]) in _WEAK:
        return _WEAK_LABEL
    return _LABEL + _PRODUCT * bool(table.product.search(text))


@cache
def _tables() -> Sequence[_Table]:
    words = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return [_compiled(lang, lists) for lang, lists in words.items()]


def _compiled(lang: str, lists: Mapping[str, list[str]]) -> _Table:
    dense = lang in _DENSE
    begin, end = ("", "") if dense else (r"(?<!\w)", r"(?!\w)")

    def one(key: str) -> str:
        return f"{begin}(?:{'|'.join(lists[key])}){end}"

    after = _AFTER_DENSE if lang == "zh" else "" if lang in _VERB_LAST else _AFTER
    gap = rf"[^.!?。！？]{{0,{_NEAR}}}?"
    verb = f"{after}{one('verbs')}"
    lift = f"{after}{one('lift')}{gap}{one('orders')}"
    if lang in _VERB_LAST:
        lift += f"|{one('orders')}{gap}{one('lift')}"
    space = r"\s*" if dense else r"\s+"
    who = rf"(?:(?:the|all|any|every|our|die|den|alle|der|les|la|le|l'|los|las|el|il|lo|gli|de|het|o|a|os)\s+)*(?:\w+\s+){{0,1}}?{one('machine')}"
    addressed = (
        rf"(?:^|[\n:;.!(\[*#>-]\s*){one('address')}\s*:?{space}{who}{gap}[:,;：，–—-]"
        rf"|(?:^|[\n.!(\[*#>-]\s*){one('machine')}\s?[:：]"
        rf"|{one('machine')}{gap}{one('must')}"
        rf"|{one('machine')}[^.!?]{{0,30}}{one('here')}"
    )
    thing = rf"{one('verbs')}{space}(?:(?:the|den|die|das|le|la|el|il|o|a|het|de)\s)?{one('here')}"
    product = f"(?:{one('product')}|{one('task')})"
    own = rf"{one('own')}{space}(?:\w+\s+){{0,2}}?{product}" if lists["own"] else product
    must = rf"{product}{gap}{one('must')}"
    label = rf"(?:^|\n|[.!?(\[*#>\"“-]\s*)(?:{'|'.join(lists['label'])})\s?[:：]"
    fixed = {key: re.compile(one(key)) for key in ("role", "duty", "task", "here", "amends", "machine", "told")}
    pattern = {
        "thing": thing, "lift": lift, "product": product, "addressed": addressed, "label": label, "verb": verb, "own": own, "must": must,
    }
    hints = "|".join(
        f"(?:{'|'.join(lists[key])})" for key in ("task", "role", "lift", "duty", "label", "machine", "own", "product")
    )
    return _Table(
        prefilter=re.compile(f"{begin}(?:{hints})"),
        script=_SCRIPTS.get(lang, _LATIN),
        **{name: re.compile(text) for name, text in pattern.items()},
        **fixed,
    )


_TOPIC = re.compile(
    r"\b(?:chat ?bots?|language models?|artificial intelligence|prompts?|prompt injections?|hackers?|phishing|scams?"
    r"|scammers?|fraud\w*|jailbreak\w*|attackers?|malware|ai|llms?|chatgpt|copy ?editors?|style ?guides?|style ?book"
    r"|editors?|headlines?|ki|sprachmodelle?|betrug\w*|betruger\w*|kunstliche intelligenz|redaktion\w*|ia|modeles? de langage"
    r"|intelligence artificielle|arnaque\w*|escroc\w*|fraude\w*|redaction|inteligencia artificial|modelos? de lenguaje"
    r"|estafa\w*|timo\w*|inteligencia artificial|golpe\w*|intelligenza artificiale|truff\w+|kunstmatige intelligentie"
    r"|oplicht\w*|sztuczn\w+ inteligencj\w+|oszust\w*|yapay zeka\w*|dolandiric\w*)\b"
    r"|нейросет|чат-?бот|мошенни|искусственн\w+ интеллект|人工智能|聊天机器人|诈骗|语言模型|生成ai|人工知能|詐欺|チャットボット|الذكاء الاصطناعي|احتيال"
)
