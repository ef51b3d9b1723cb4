"""The built-in cross-encoder keeps the rerankers' contract, with a tiny model made on the spot."""

from pathlib import Path

import pytest

from simsearch.errors import ModelError
from simsearch.plugins.registry import Registry
from simsearch.testing import RerankerContract
from tests.support.tiny_models import SIZES, SPECIAL, WORDS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("reranker")
    (folder / "vocab.txt").write_text("\n".join([*SPECIAL["bert"], *WORDS]))
    config = BertConfig(vocab_size=20, max_position_embeddings=64, num_labels=1, **SIZES)
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    return folder


def test_a_cross_encoder_keeps_the_contract(folder: Path) -> None:
    RerankerContract.of(f"cross-encoder:folder={folder}", Registry.load(only=())).verify()


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no cross-encoder"):
        Registry.load(only=()).reranker(f"cross-encoder:folder={tmp_path}")
