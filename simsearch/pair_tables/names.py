"""What people call the columns of pairs; names are compared without case, accents, spaces and punctuation."""

from __future__ import annotations

import re
import unicodedata


def plain_name(name: str) -> str:
    """A column's name without case, accents, punctuation and what stands in brackets: `Score (0-5)` is `score`."""
    text = re.sub(r"\(.*?\)|\[.*?\]", "", name) or name
    return "".join(
        character for character in unicodedata.normalize("NFKD", text.lower()) if character.isalnum()
    )


def _plain(*names: str) -> tuple[str, ...]:
    return tuple(map(plain_name, names))


ANCHORS = _plain(
    "anchor", "query", "queries", "question", "questions", "searchquery", "userquery", "search", "searchterm", "q",
    "prompt", "instruction", "premise", "userinput", "input", "request", "utterance", "problem", "issue", "claim",
    "keyword", "keywords", "source", "sentence", "text", "user", "human", "title", "headline", "subject",
    "frage", "suchanfrage", "anfrage", "pregunta", "consulta", "domanda", "pergunta", "requete", "vraag", "fraga",
    "pytanie", "otázka", "spørgsmål", "kysymys", "kérdés", "soru", "вопрос", "запрос", "ερώτηση", "سؤال", "السؤال",
    "שאלה", "प्रश्न", "问题", "問題", "提问", "查询", "質問", "질문",
)  # fmt: skip
"""What people ask or start from, the likeliest first."""

POSITIVES = _plain(
    "positive", "positives", "pos", "positivepassage", "positivepassages", "positivedocument", "positivedocuments",
    "positivedoc", "positivedocs", "positivectx", "positivectxs", "positivecontext", "positiveanswer",
    "relevantpassage", "relevantpassages", "relevantdocument", "relevantdocuments", "relevantdoc", "relevantdocs",
    "chosen", "chosenresponse", "goodanswer", "correctanswer", "acceptedanswer", "bestanswer",
    "answer", "answers", "response", "responses", "reply", "document", "doc", "documents", "docs", "passage",
    "passages",
    "context", "contexts", "completion", "output", "hypothesis", "solution", "similar", "paraphrase", "duplicate",
    "reference", "target", "text", "content", "contents", "paragraph", "snippet", "article", "body", "chunk",
    "description", "explanation", "abstract", "resolution", "result", "match", "assistant", "gpt",
    "clicked", "clickedtitle", "clickedtext", "producttitle", "productname", "product", "item", "sentence", "title",
    "evidence", "antwort", "dokument", "respuesta", "documento", "risposta", "resposta", "réponse", "antwoord", "svar",
    "odpowiedź", "odpověď", "vastaus", "válasz", "cevap", "ответ", "документ", "απάντηση", "جواب", "الجواب", "الإجابة",
    "תשובה", "उत्तर", "答案", "回答", "文档", "答え", "답변", "답",
)  # fmt: skip
"""What it should find, the likeliest first."""

CHOSEN = POSITIVES[: POSITIVES.index("answer")]
"""Names of columns that hold nothing but positives; scores of them are what a search gave, not verdicts."""

CLASS_TEXTS = _plain(
    "text", "sentence", "utterance", "query", "question", "content", "title", "description", "comment", "review",
    "message", "headline", "document", "input", "body", "tweet",
)  # fmt: skip
CLASSES = _plain(
    "label", "labels", "class", "intent", "category", "topic", "labeltext", "classname", "labelname", "target", "tag",
    "kategorie", "klasse", "thema", "categorie", "categoria", "intentname", "intention", "domain",
)  # fmt: skip

SCORES = _plain(
    "score", "scores", "similarity", "similarityscore", "simscore", "sim", "relatedness", "relatednessscore",
    "relevance", "relevancescore", "relevancy", "rating", "ratings", "grade", "goldscore", "goldsimilarity", "stsscore",
    "sts", "meanscore", "averagescore", "avgscore", "humanscore", "semanticscore", "semanticsimilarity", "cosine",
    "cosinesimilarity", "pairscore", "matchscore", "bewertung", "aehnlichkeit", "ähnlichkeit", "similitud",
    "similitude", "puntuación",
)  # fmt: skip
"""How similar the two texts of a pair are."""

VERDICTS = _plain(
    "label", "labels", "goldlabel", "pairlabel", "isduplicate", "isdup", "duplicate", "duplicated", "areduplicates",
    "ismatch", "match", "matches", "matched", "matching", "issimilar", "similar", "aresimilar", "isrelevant",
    "relevant", "relevancelabel", "isparaphrase", "paraphrase", "isequivalent", "equivalent", "iscorrect", "correct",
    "isanswer", "ispositive", "issame", "same", "samemeaning", "verdict", "judgment", "judgement", "entailment",
    "entailmentlabel", "nlilabel", "quality", "target", "y", "gold", "groundtruth", "annotation", "decision", "truth",
    "escilabel", "isselected", "selected", "isaccepted", "accepted",
    "duplikat", "doublon", "pertinent", "étiquette", "etiqueta", "etichetta",
)  # fmt: skip
"""Whether the two texts of a pair belong together."""

_NEGATIVE = re.compile(
    r"(hard|mined|bm25|random|easy|soft)?neg(ative)?s?\d*(s?(text|sentence|passage|document|doc|answer|response|ctx|context"
    r"|example|sample|query|question|candidate|completion|output|hypothesis|chunk)e?s?)?\d*"
    r"|(rejected|wrong|incorrect|irrelevant|nonrelevant|notrelevant|bad|false|distractor|unrelated)s?(text|sentence|passage|document|doc|answer"
    r"|response|completion|output|ctx|context)e?s?\d*|(rejected|distractor)s?\d*"
)
_SIDES = re.compile(r"(?P<stem>.*?)(?P<side>1|2|a|b|left|right|first|second|one|two)")
_PAIRED = {"1": "2", "a": "b", "left": "right", "first": "second", "one": "two"}
_TEXT_ENDINGS = ("text", "texts", "string", "content", "body", "sentence")


def rank(name: str, known: tuple[str, ...]) -> int | None:
    """The place of a column's name among known ones, also as `question_text` for `question`; None if it isn't there."""
    plain = plain_name(name)
    if plain in known:
        return known.index(plain)
    for ending in _TEXT_ENDINGS:
        stem = plain.removesuffix(ending)
        if stem != plain and stem in known:
            return len(known) + known.index(stem)
    return None


def is_negative(name: str) -> bool:
    """Whether a column is called as negatives are; `negative_id` and `neg_scores` are not."""
    return _NEGATIVE.fullmatch(plain_name(name)) is not None


def partner(name: str) -> str | None:
    """What the second of two columns is called, without case and punctuation: `sentence2` for `sentence_1`."""
    found = _SIDES.fullmatch(plain_name(name))
    if found is None or found["side"] not in _PAIRED:
        return None
    return found["stem"] + _PAIRED[found["side"]]
