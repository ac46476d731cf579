"""Loads the pretrained sentence encoder, and exports it with real sentences as golden inputs."""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import mlx.core as mx
import numpy as np
import weights
from encoder import Config, SentenceEncoder
from tokenizer import Tokenizer

import fairlead

MOST_IN_A_BATCH = 4
MOST_PADDING = 3


def read_sentences(path: Path) -> list[str]:
    """A sentence a line."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line]


def make_cases(tokenizer: Tokenizer, sentences: Sequence[str], seed: int) -> list[dict[str, np.ndarray]]:
    """A case a sentence: alone or with up to three others, padded beyond the longest in some."""
    draw = random.Random(seed)
    cases = []
    for index, sentence in enumerate(sentences):
        others = draw.sample(sentences, index % MOST_IN_A_BATCH)
        cases.append(tokenizer.batch([sentence, *others], padding=draw.randint(0, MOST_PADDING)))
    return cases


def main() -> None:
    """Writes the model, the suite and the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7, help="draws the batches of the golden inputs")
    parser.add_argument("--out", type=Path, default=Path("out"), help="where to write by hand; a job has its own folders")
    options = parser.parse_args()
    task = fairlead.task()
    outputs = task.outputs if task else {name: options.out / name for name in ("model", "suite")}

    print("fetching the weights, unless they are in the cache", flush=True)
    folder = weights.fetch()
    fairlead.progress(0.4, "weights at hand")
    model = SentenceEncoder(Config())
    weights.load(model, folder / "model.safetensors")
    tokenizer = Tokenizer(folder / "vocab.txt")

    example = {name: mx.array(array) for name, array in tokenizer.batch(["One sentence.", "And another one."]).items()}
    dims = {name: ("batch", "sequence") for name in example}
    fairlead.export(model, example, outputs["model"], dims=dims, outputs=["embedding"])
    fairlead.progress(0.8, "model exported")

    sentences = read_sentences(Path(__file__).with_name("sentences.txt"))
    cases = make_cases(tokenizer, sentences, options.seed)
    fairlead.save_suite(outputs["suite"], cases, source="sentences.txt, alone and in batches")
    print(f"exported the encoder and {len(cases)} cases", flush=True)
    fairlead.result({"cases": len(cases)})


if __name__ == "__main__":
    main()
