"""Small models of every architecture, made on the spot: random weights, a vocabulary of a few words."""

from pathlib import Path
from typing import Any

WORDS = [
    "how",
    "do",
    "i",
    "undo",
    "the",
    "last",
    "commit",
    "word",
    "a",
    "file",
    "list",
    "of",
    "files",
    "x",
    "##x",
]
SPECIAL = {
    "bert": ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
    "roberta": ["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
    "decoder": ["<pad>", "<unk>", "<s>", "</s>", "<mask>"],
}
SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}


def bert(**changes: Any) -> Any:
    from transformers import BertConfig, BertModel

    return BertModel(BertConfig(vocab_size=20, max_position_embeddings=64, **SIZES, **changes))


def distilbert() -> Any:
    from transformers import DistilBertConfig, DistilBertModel

    sizes = {"dim": 32, "n_layers": 2, "n_heads": 2, "hidden_dim": 64}
    return DistilBertModel(DistilBertConfig(vocab_size=20, max_position_embeddings=64, **sizes))


def mpnet() -> Any:
    from transformers import MPNetConfig, MPNetModel

    return MPNetModel(MPNetConfig(vocab_size=20, max_position_embeddings=66, **SIZES))


ROBERTA = {
    "vocab_size": 20,
    "max_position_embeddings": 66,
    "pad_token_id": 1,
    "bos_token_id": 0,
    "eos_token_id": 2,
}


def roberta() -> Any:
    from transformers import RobertaConfig, RobertaModel

    return RobertaModel(RobertaConfig(**ROBERTA, **SIZES))


def xlm_roberta() -> Any:
    from transformers import XLMRobertaConfig, XLMRobertaModel

    return XLMRobertaModel(XLMRobertaConfig(**ROBERTA, **SIZES))


def modernbert() -> Any:
    from transformers import ModernBertConfig, ModernBertModel

    ids = {"pad_token_id": 0, "cls_token_id": 2, "sep_token_id": 3, "bos_token_id": 2, "eos_token_id": 3}
    return ModernBertModel(
        ModernBertConfig(vocab_size=20, max_position_embeddings=64, local_attention=16, **ids, **SIZES)
    )


def nomic_bert() -> Any:
    from transformers import NomicBertConfig, NomicBertModel

    return NomicBertModel(NomicBertConfig(vocab_size=20, max_position_embeddings=64, head_dim=16, **SIZES))


def gte() -> Any:
    from transformers import GteConfig, GteModel

    return GteModel(GteConfig(vocab_size=20, max_position_embeddings=64, pad_token_id=0, **SIZES))


def qwen3() -> Any:
    from transformers import Qwen3Config, Qwen3Model

    return Qwen3Model(
        Qwen3Config(vocab_size=20, max_position_embeddings=64, num_key_value_heads=1, head_dim=16, **SIZES)
    )


ARCHITECTURES = {
    "bert": (bert, "bert"),
    "distilbert": (distilbert, "bert"),
    "mpnet": (mpnet, "roberta"),
    "roberta": (roberta, "roberta"),
    "xlm-roberta": (xlm_roberta, "roberta"),
    "modernbert": (modernbert, "bert"),
    "nomic-bert": (nomic_bert, "bert"),
    "gte": (gte, "bert"),
    "qwen3": (qwen3, "decoder"),
}


def save_tiny_model(
    folder: Path, architecture: str = "bert", *, pooling: str = "mean", dense: bool = False,
    normalise: bool = True, prompts: dict[str, str] | None = None, longest: int = 32,
) -> Path:  # fmt: skip
    """A sentence-transformers model in a folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer

    torch.manual_seed(0)
    make, kind = ARCHITECTURES[architecture]
    raw = folder.parent / f"{folder.name}.raw"
    make().save_pretrained(raw)
    tokenizer(kind).save_pretrained(raw)
    modules = [Transformer(str(raw), max_seq_length=longest)]
    modules.append(Pooling(32, pooling_mode=pooling))
    if dense:
        modules.append(Dense(32, 16))
    if normalise:
        modules.append(Normalize())
    SentenceTransformer(modules=modules, device="cpu", prompts=prompts).save_pretrained(
        str(folder), create_model_card=False
    )
    return folder


def tokenizer(kind: str) -> Any:
    """A word-piece tokenizer with the special tokens of BERT or of RoBERTa, or of a decoder, which pads on the left and
    reads the last token."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.normalizers import BertNormalizer
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from tokenizers.processors import TemplateProcessing
    from transformers import PreTrainedTokenizerFast

    special = SPECIAL[kind]
    vocabulary = {word: number for number, word in enumerate([*special, *WORDS])}
    names = (
        {
            "pad_token": "[PAD]",
            "unk_token": "[UNK]",
            "cls_token": "[CLS]",
            "sep_token": "[SEP]",
            "mask_token": "[MASK]",
        }
        if kind == "bert"
        else {
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "mask_token": "<mask>",
        }
    )
    last, unknown = names["sep_token"], names["unk_token"]
    first = "" if kind == "decoder" else names["cls_token"]
    made = Tokenizer(WordPiece(vocabulary, unk_token=unknown))
    made.normalizer = BertNormalizer()
    made.pre_tokenizer = BertPreTokenizer()
    ends = [(token, vocabulary[token]) for token in (first, last) if token]
    made.post_processor = TemplateProcessing(single=f"{first} $A {last}".strip(), special_tokens=ends)
    side = "left" if kind == "decoder" else "right"
    return PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=64, padding_side=side, **names)
