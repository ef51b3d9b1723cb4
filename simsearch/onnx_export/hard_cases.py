"""Texts that are hard for tokenizers; a graph is compared with its model on them."""

HARD_CASES = (
    "", " ", "a", "How do I undo the last commit?", "naïve café — “quotes”", "😀 emoji 👩‍👩‍👧", "中文 文本 測試",
    "tab\tnew\nline\x07bell\x00nul", "find . -name '*.py' | xargs grep -n TODO", "word " * 20_000, "x" * 5000,
    "[CLS] [SEP] <s> </s> [MASK]",
)  # fmt: skip
