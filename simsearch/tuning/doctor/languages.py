"""Which language a text is in, by its script and its commonest small words; enough to see a mix, no more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from simsearch.storage.words.scripts import script_name
from simsearch.tuning.doctor.findings import Finding, places
from simsearch.types import Pair
from simsearch.wording import counted

CODE_SIGNS = re.compile(r"[{}\[\]<>|&;=\\$#@*^~`_/]")
CODE_SHARE = 0.05
OPTION = re.compile(r"(?:^|\s)--?[A-Za-z][\w-]*(?:[\s=]|$)")
READ = 400
"""Characters of a text that are looked at."""
SMALL_WORDS = {
    "English": "the of and to is in that it for you with on are how what can my do i an be from this does",
    "German": "der die das und ist nicht ich wie ein eine zu den mit auf für kann was mein auch werden von es",
    "French": "le la les des et est une du je pour dans que comment mon ma pas sur avec qui vous au ce puis",
    "Spanish": "el los las una es cómo mi para con qué por del se puedo está lo su y al como un más no",
    "Italian": "il gli che di è come una mio per con non posso della sono del nel si ho le mi alla",
    "Portuguese": "os uma é como meu minha para com não que do da em posso se está dos por um na ao",
    "Dutch": "het een van ik niet hoe mijn wat voor met op zijn te kan naar deze er dat aan de je",
    "Swedish": "och att det är jag inte en ett hur min för med på kan vad av som den till har",
    "Polish": "jak nie się na jest czy moje mój do że co w z dla mogę po to czym gdzie są",
}
LANGUAGES_OF = {
    word: [language for language, words in SMALL_WORDS.items() if word in words.split()]
    for word in {*" ".join(SMALL_WORDS.values()).split()}
}


def language_of(text: str) -> str:
    """A language by its small words, or a script other than Latin; empty where the text doesn't show it."""
    script = script_name(text[:READ])
    if script != "Latin":
        return script
    if is_code(text):
        return ""
    words = re.findall(r"\w+", text[:READ].lower())
    counts = Counter(dict.fromkeys(SMALL_WORDS, 0))
    counts.update(language for word in words for language in LANGUAGES_OF.get(word, ()))
    (best, most), (_, next_most) = counts.most_common(2)
    return best if most >= 2 and most > 1.5 * next_most else ""


def is_code(text: str) -> bool:
    """Whether a text is a command or code: many signs that prose rarely has, or an option such as `-r`."""
    signs = len(CODE_SIGNS.findall(text[:READ]))
    return signs > CODE_SHARE * len(text[:READ]) or OPTION.search(text[:READ]) is not None


def mixed_scripts(pairs: Sequence[Pair]) -> Iterable[Finding]:
    rows = []
    for pair in pairs:
        scripts = {script_name(pair.anchor[:READ]), script_name(pair.positive[:READ])} - {""}
        if len(scripts) > 1:
            rows.append(pair)
    if rows:
        yield Finding(
            f"{counted(len(rows), 'pair has its', 'pairs have their')} sides in two scripts",
            places(rows),
            "A model made for one language may not read the other.",
            "They are kept; choose a base model that reads both.",
            serious=False,
        )


def mixed_languages(pairs: Sequence[Pair]) -> Iterable[Finding]:
    languages = [language_of(pair.anchor) for pair in pairs]
    counts = Counter(language for language in languages if language)
    if len(counts) < 2:
        return
    main, _ = counts.most_common(1)[0]
    rows = [pair for pair, language in zip(pairs, languages, strict=True) if language not in ("", main)]
    said = ", ".join(f"{count} {language}" for language, count in counts.most_common(5))
    yield Finding(
        f"The anchors are in several languages: {said}",
        places(rows),
        "A base model for one of them reads the others badly, and the gain is an average over all.",
        "They are kept; choose a base model that reads all of them, or tune on each language separately.",
        serious=False,
    )
