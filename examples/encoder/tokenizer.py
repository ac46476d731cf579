"""BERT's uncased WordPiece tokenizer, after Devlin et al. 2018, over the checkpoint's vocab.txt."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np

_LONGEST_WORD = 100  # characters; longer ones are unknown
_ZERO_WIDTH_OR_CONTROL = ("Cc", "Cf", "Cn", "Co", "Cs")
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class Tokenizer:
    """Texts to token ids. `vocabulary` has a token a line; its line number is the id."""

    def __init__(self, vocabulary: Path, longest: int = 128) -> None:
        tokens = vocabulary.read_text(encoding="utf-8").splitlines()
        self._ids = {token: number for number, token in enumerate(tokens)}
        self._longest = longest
        self._pad, self._unknown, self._first, self._last = (self._ids[token] for token in ("[PAD]", "[UNK]", "[CLS]", "[SEP]"))

    def encode(self, text: str) -> list[int]:
        """The ids of one text between [CLS] and [SEP], at most `longest` in all."""
        pieces = [piece for word in _words(text) for piece in self._pieces(word)]
        return [self._first, *pieces[: self._longest - 2], self._last]

    def batch(self, texts: Sequence[str], padding: int = 0) -> dict[str, np.ndarray]:
        """`input_ids` and `attention_mask`, int32 (texts, sequence), padded to the longest text and `padding` more."""
        encoded = [self.encode(text) for text in texts]
        width = min(self._longest, max(len(ids) for ids in encoded) + padding)
        ids = np.full((len(encoded), width), self._pad, dtype=np.int32)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(encoded):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        return {"input_ids": ids, "attention_mask": mask}

    def _pieces(self, word: str) -> list[int]:
        """The longest known prefix, then the longest known continuations; unknown where a rest has none."""
        if len(word) > _LONGEST_WORD:
            return [self._unknown]
        pieces: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self._ids), None)
            if end is None:
                return [self._unknown]
            pieces.append(self._ids[mark + word[start:end]])
            start = end
        return pieces


def _words(text: str) -> list[str]:
    """Lower-case words without accents, each punctuation mark and ideograph by itself."""
    spaced = "".join(_cleaned(character) for character in text)
    plain = "".join(c for c in unicodedata.normalize("NFD", spaced) if unicodedata.category(c) != "Mn").lower()
    return "".join(f" {c} " if _is_punctuation(c) else c for c in plain).split()


def _cleaned(character: str) -> str:
    if character.isspace():
        return " "
    if character == "\N{REPLACEMENT CHARACTER}" or unicodedata.category(character) in _ZERO_WIDTH_OR_CONTROL:
        return ""
    code = ord(character)
    return f" {character} " if any(low <= code <= high for low, high in _IDEOGRAPHS) else character


def _is_punctuation(character: str) -> bool:
    # BERT counts every ASCII symbol, such as $ and +, as punctuation
    is_ascii_symbol = character.isascii() and character.isprintable() and not character.isalnum() and character != " "
    return is_ascii_symbol or unicodedata.category(character).startswith("P")
