"""Answers that fit a request's own JSON schema, made from the article in its last user message.

Figures, names and quotations stay as the article has them and each sentence is used once, so that
a rewrite passes the checks; words of no weight are put in, so that it is no copy. The same request
gives the same answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, cycle
from typing import Any

from rewriter.text.sentences import split_sentences

_ARTICLE = re.compile(r"<article>.*</article>", re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_TEXT = re.compile(r"<text>(.*?)</text>", re.DOTALL)
_TITLE_WORD = re.compile(r"[\w$€£%.,'’-]+")
_DIGIT = re.compile(r"\d|illion")
_PAIR = re.compile(r"^Q: (.+)\nA: (.+)$", re.MULTILINE)
# A quotation stays verbatim; one with a torn pair would end in another sentence.
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“]*“")
_PAIRED = (("(", ")"), ("“", "”"), ("«", "»"), ("（", "）"), ("「", "」"))
_ENDS = (".", "!", "…", "。", "！", ".”", '."', "”.", "».")
# A bullet has at most 45 words, of which the words put in are some.
_MOST_WORDS, _MOST_JOINTS = 36, 8
_MARKS = re.compile(r"^(?:#+ |[-*•] |\d{1,2}[.)、] ?)")
# A word put in before one of these breaks a copied run and changes no fact.
_JOINT = re.compile(
    r"(?<=[a-zäöüß]{3}) (?=(?:and|of|in|on|to|for|with|by|from|at|as|after|while"
    r"|y|de|del|en|con|por|para|que|und|der|die|das|mit|von|im|zu|für|auf|nach"
    r"|et|du|des|les|la|le|à|au|pour|par|avec|dans|qui|sur) )"
)
_WEIGHTLESS = {
    "English": ("reportedly", "apparently", "notably", "evidently", "in turn"),
    "Spanish": ("además", "así", "también", "luego", "incluso"),
    "German": ("zudem", "also", "auch", "dabei", "somit"),
    "French": ("ainsi", "aussi", "alors", "encore", "en outre"),
}
# Opinion without a fact, for From author and where an article has too few sentences.
_COMMENTARY = (
    "Whether the plan holds will depend on choices that the people involved have yet to make.",
    "It pays to read such news calmly, because first reactions rarely last.",
    "Much here remains open, and patience looks wiser than a hasty verdict.",
    "The story matters less for its headline than for what it says about trust.",
    "Observers with a longer memory may find the pattern familiar.",
    "A cautious reader will wait for independent confirmation before drawing conclusions.",
    "Nobody should mistake a single announcement for a lasting trend.",
    "What counts in the end is how carefully the next steps are taken.",
    "Those who remember earlier episodes will recognise both the hopes and the doubts.",
    "The tone of the debate tells more than any of its participants may intend.",
    "Good intentions are easy to announce and hard to keep.",
    "Anyone affected should ask plain questions before taking sides.",
    "An honest assessment needs distance, which few observers have right now.",
    "The details deserve more attention than they usually receive.",
    "Small decisions behind the scenes often weigh more than speeches.",
    "It remains to be seen who gains from all this.",
)
_COMMENTARIES = {
    "English": _COMMENTARY,
    "German": (
        "Ob der Plan aufgeht, hängt von vielen kleinen Entscheidungen ab.",
        "Wer solche Nachrichten ruhig liest, versteht sie meist besser als im ersten Ärger.",
        "Vieles bleibt hier offen, und Geduld wirkt klüger als ein schnelles Urteil.",
        "Beobachter mit langem Gedächtnis dürften das Muster wiedererkennen.",
        "Eine einzelne Ankündigung macht noch keine dauerhafte Entwicklung.",
        "Am Ende zählt, wie sorgfältig die nächsten Schritte getan werden.",
        "Gute Absichten sind leicht verkündet und schwer gehalten.",
        "Eine ehrliche Bewertung braucht Abstand, den im Moment nur wenige haben.",
        "Die Einzelheiten verdienen mehr Aufmerksamkeit, als sie gewöhnlich bekommen.",
        "Kleine Weichenstellungen hinter den Kulissen wiegen oft mehr als Reden.",
        "Der Ton der Debatte verrät mehr, als den Beteiligten lieb sein kann.",
        "Die Geschichte ist weniger wegen ihrer Schlagzeile wichtig als wegen des Vertrauens.",
    ),
    "Spanish": (
        "Que el plan funcione dependerá de muchas decisiones pequeñas que nadie ha tomado todavía.",
        "Quien lee con calma una noticia así suele entenderla mejor que en el primer enfado.",
        "Mucho queda abierto, y la paciencia parece más sabia que un juicio rápido.",
        "Los observadores con buena memoria reconocerán quizá el patrón.",
        "Un solo anuncio no hace todavía una tendencia duradera.",
        "Al final cuenta el cuidado con que se den los próximos pasos.",
        "Las buenas intenciones se anuncian con facilidad y se cumplen con esfuerzo.",
        "Una valoración honesta pide distancia, y pocos la tienen en este momento.",
        "Los detalles merecen más atención de la que suelen recibir.",
        "Las pequeñas decisiones entre bastidores pesan a menudo más que los discursos.",
        "El tono del debate revela más de lo que desean sus participantes.",
        "La historia importa menos por su titular que por lo que dice de la confianza.",
    ),
    "French": (
        "La réussite du projet dépendra de nombreux petits choix que personne n'a encore faits.",
        "Qui lit calmement une telle nouvelle la comprend souvent mieux.",
        "Beaucoup reste ouvert, et la patience semble plus sage qu'un jugement hâtif.",
        "Les observateurs de longue mémoire reconnaîtront peut-être le motif.",
        "Une seule annonce ne fait pas encore une tendance durable.",
        "À la fin compte le soin avec lequel les prochaines étapes seront franchies.",
        "Les bonnes intentions s'annoncent facilement et se tiennent avec peine.",
        "Une évaluation honnête demande du recul, et peu de gens en ont en ce moment.",
        "Les détails méritent davantage d'attention qu'ils n'en reçoivent habituellement.",
        "Les petites décisions en coulisses pèsent souvent davantage que les discours.",
        "Le ton du débat révèle plus que ses participants ne le souhaitent.",
        "Cette histoire compte moins par son titre que par ce qu'elle dit de la confiance.",
    ),
}
_LENGTHS = {"bullets": 4, "paragraphs": 2, "from_author": 1, "tags": 2}


def answer_to(body: Mapping[str, Any]) -> str:
    """The JSON text that answers a chat-completions body."""
    return json.dumps(_Writer(body).value(schema_of(body)), ensure_ascii=False)


def schema_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that the request asks for, in its `response_format` or told in a message."""
    wanted = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if wanted:
        return dict(wanted)
    for message in body["messages"]:
        start = message["content"].find('{"type": "object"')
        if start >= 0:
            return dict(json.JSONDecoder().raw_decode(message["content"], start)[0])
    return {"type": "object", "properties": {"answer": {"type": "string"}}}


class _Writer:
    """Hands out an article's sentences one by one."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        texts = [m["content"] for m in body["messages"] if m["role"] == "user"]
        said = "".join(m["content"] for m in body["messages"] if m["role"] == "assistant")
        found = [match[0] for text in texts if (match := _ARTICLE.search(text))]
        article = found[-1] if found else texts[-1]
        title, text = _TITLE.search(article), _TEXT.search(article)
        self._title = title[1].strip() if title else "An untitled article"
        asked = [t.partition("Write in ")[2].partition(".")[0] for t in texts if "Write in " in t]
        language = asked[0] if asked else "English"
        commentary = _COMMENTARIES.get(language, ())
        self._comments_known = bool(commentary)
        self._pairs = [(q.strip(), a.strip()) for q, a in _PAIR.findall(article)]
        self._weightless = words = _WEIGHTLESS.get(language, _WEIGHTLESS["English"])
        sentences = _sentences(text[1] if text else article)
        own = [_reworded(sentence, n, words) for n, sentence in enumerate(sentences)]
        self._comments = cycle([c for c in commentary if c not in said] or commentary or ("…",))
        fresh = [
            sentence
            for sentence in own
            if json.dumps(sentence, ensure_ascii=False)[1:-1] not in said
        ]
        self._prose = chain(fresh, self._comments if commentary else cycle(own or ["…"]))

    def value(self, schema: Mapping[str, Any], name: str = "") -> Any:
        """A value that fits `schema` and suits a property called `name`."""
        if "enum" in schema:
            return schema["enum"][0]
        if "anyOf" in schema:
            return self.value(schema["anyOf"][0], name)
        match schema.get("type"):
            case "object":
                return {key: self.value(part, key) for key, part in schema["properties"].items()}
            case "array":
                return self._items(schema, name)
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "boolean":
                return True
            case _:
                return self._text(name, schema.get("maxLength", 400))

    def _items(self, schema: Mapping[str, Any], name: str) -> list[Any]:
        least, most = schema.get("minItems", 0), schema.get("maxItems", 4)
        if name == "faults":
            return []  # a second reader's usual report
        if name == "qa":
            pairs = self._pairs[:most]
            return [{"question": question, "answer": answer} for question, answer in pairs]
        count = min(most, max(least, _LENGTHS.get(name, 1)))
        if name == "tags":
            words = re.findall(r"\w{3,}", self._title.upper()) or ["NEWS"]
            return [*dict.fromkeys([*words, "NEWS", "REPORT"])][:count]
        return [self.value(schema["items"], name) for _ in range(count)]

    def _text(self, name: str, most: int) -> str:
        if name in ("headline", "topic", "field", "category"):
            # Without figures, which a title may have wrong (and the text right).
            words = [word for word in _TITLE_WORD.findall(self._title) if not _DIGIT.search(word)]
            if name == "headline":  # no copy of the title
                return " ".join((*self._weightless[:3], *words[:5]))[:most]
            return " ".join(words[: 3 if name == "topic" else 1])[:most] or "News"
        if name == "from_author" and self._comments_known:
            return self._joined(self._comments, most, at_least=20)
        return self._joined(self._prose, most, at_least=0 if name == "bullets" else 28)

    def _joined(self, sentences: Iterator[str], most: int, *, at_least: int) -> str:
        text = next(sentences)
        while len(text.split()) < at_least and len(text) < most:
            text = f"{text} {next(sentences)}"
        if len(text) <= most:
            return text
        cut = text[: most - 1].rsplit(" ", 1)[0].rstrip(".,;: ")
        return f"{cut}."


def _sentences(text: str) -> list[str]:
    """The whole statements of an article, short enough for a bullet with words put in."""
    found: list[str] = []
    for line in text.split("\n"):
        found += split_sentences(_MARKS.sub("", line.strip()))
    whole = (s for s in found if len(s) > 20 and s.endswith(_ENDS) and not _is_torn(s))
    return [s for s in dict.fromkeys(whole) if len(s.split()) <= _MOST_WORDS]


def _is_torn(sentence: str) -> bool:
    """Whether a quotation or bracket opens here and closes in another sentence."""
    counts = (sentence.count(one) == sentence.count(other) for one, other in _PAIRED)
    return sentence.count('"') % 2 == 1 or not all(counts)


def _reworded(sentence: str, number: int, words: Sequence[str]) -> str:
    quoted = [match.span() for match in _QUOTED.finditer(sentence)]
    places = (match.start() for match in _JOINT.finditer(sentence))
    joints = [p for p in places if not any(start < p < end for start, end in quoted)]
    for n, place in reversed(list(enumerate(joints[:_MOST_JOINTS]))):
        word = words[(number + n) % len(words)]
        sentence = f"{sentence[:place]} {word}{sentence[place:]}"
    return sentence
