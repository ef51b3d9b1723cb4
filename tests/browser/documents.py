"""What the pages of the tests show."""

HOSTILE = """---
title: <script>document.title = "hacked"</script> <b>bold</b>
"<img src=x onerror=alert(1)>": "<svg onload=alert(2)>"
---
# Hostile <iframe src="javascript:alert(3)"></iframe>

<script>window.hacked = true; alert(4)</script> <img src="http://other.example/x.png" onerror="alert(5)">
<svg xmlns="http://www.w3.org/2000/svg" onload="alert(6)"><a href="javascript:alert(7)">zebra markup</a></svg>
" onmouseover="alert(8)" x=" {{ 7 * 7 }} ${alert(9)} </textarea></title><style>* { display: none }</style>

The zebra account ends in \u202egpj.exe\u202c, after a bell \x07 and an escape \x1b[2J.
"""

LONG_LINE = "giraffe " + "neckneckneck" * 20_000 + " the end"

TOPICS = {
    "tea": ("Boil the water", "Brew green tea at eighty degrees for two minutes.", "en", "final"),
    "coffee": (
        "Grind the beans",
        "A coarse grind suits the french press and cold brew coffee.",
        "en",
        "draft",
    ),
    "bread": (
        "Bake the loaf",
        "Knead the dough for ten minutes, then let it rise for an hour.",
        "en",
        "final",
    ),
    "soup": ("Simmer the stock", "Vegetable stock simmers for an hour with leek and carrot.", "en", "draft"),
    "brot": ("Das Brot backen", "Den Teig zehn Minuten kneten und eine Stunde gehen lassen.", "de", "final"),
    "kuchen": ("Den Kuchen backen", "Butter und Zucker schaumig rühren, dann Eier dazugeben.", "de", "draft"),
}


ADVICE = (
    "change one thing at a time, write down what you did, and taste before you add any more salt or sugar."
)


def article(name: str) -> str:
    """A page of the guide, long enough for several chunks."""
    title, text, language, status = TOPICS[name]
    remarks = "\n\n".join(f"Remark {number} about {name}: {ADVICE}" for number in range(9))
    head = f"---\nlanguage: {language}\nstatus: {status}\n---\n"
    return f"{head}# {title}\n\n{text}\n\n## Notes on {name}\n\n{remarks}\n"


FILES = {
    **{f"guide/kitchen/{name}.md": article(name) for name in ("tea", "coffee", "bread", "soup")},
    **{f"guide/küche/{name}.md": article(name) for name in ("brot", "kuchen")},
    "guide/garden/roses.txt": "".join(f"Line {i} says nothing much about anything.\n" for i in range(1, 700))
    + "Prune the roses in late winter, before the first buds open.\n"
    + "".join(f"Line {i} says nothing much either.\n" for i in range(701, 1400)),
    "guide/garden/tulips.txt": "Plant the tulip bulbs in autumn, three times as deep as they are high.\n",
    "guide/hostile.md": HOSTILE,
    "guide/long.txt": LONG_LINE,
    "rows.jsonl": '{"_id": "7", "title": "Seven", "text": "A heptagon has seven sides and seven corners."}\n'
    '{"_id": "8", "title": "Eight", "text": "An octagon has eight sides and eight corners."}\n',
}

_THINGS = ("tea", "coffee", "bread", "soup", "cake", "roses", "tulips", "stock", "dough", "butter")
_DEEDS = ("boil", "brew", "bake", "grind", "knead", "prune", "plant", "stir")

QUESTIONS = [
    (f"how do I {deed} the {thing}", f"To {deed} {thing}, take your time with the {thing}.")
    for thing in _THINGS
    for deed in _DEEDS
]
"""Questions with their answers, to tune on."""
