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

BATCHES = (1, 1, 2, 1, 1, 3, 1, 1, 4, 1)  # mostly alone: MLX on a CPU takes half a second for fifty tokens
MOST_PADDING = 3
SHORT = 40  # characters; a companion's padding shows, and costs little


def read_sentences(path: Path) -> list[str]:
    """A sentence a line."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line]


def make_cases(tokenizer: Tokenizer, sentences: Sequence[str], seed: int) -> list[dict[str, np.ndarray]]:
    """A case a sentence: alone or with up to three short ones, some padded beyond the longest."""
    draw = random.Random(seed)
    short = [sentence for sentence in sentences if len(sentence) <= SHORT]
    cases = []
    for index, sentence in enumerate(sentences):
        others = draw.sample(short, BATCHES[index % len(BATCHES)] - 1)
        cases.append(tokenizer.batch([sentence, *others], padding=draw.randint(0, MOST_PADDING) if others else 0))
    return cases


def main() -> None:
    """Writes the model, the suite and the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7, help="draws the batches of the golden inputs")
    parser.add_argument("--out", type=Path, default=Path("out"), help="where to write by hand; a job has its own folders")
    options = parser.parse_args()
    task = fairlead.task()
    model_folder, suite_folder = (task.output(name) if task else options.out / name for name in ("model", "suite"))

    print("fetching the weights, unless they are in the cache", flush=True)
    folder = weights.fetch()
    fairlead.progress(0.4, "weights at hand")
    model = SentenceEncoder(Config())
    weights.load(model, folder / "model.safetensors")
    tokenizer = Tokenizer(folder / "vocab.txt")

    example = {name: mx.array(array) for name, array in tokenizer.batch(["One sentence.", "And another one."]).items()}
    dims = {name: ("batch", "sequence") for name in example}
    fairlead.export(model, example, model_folder, dims=dims, outputs=["embedding"])
    fairlead.progress(0.8, "model exported")

    sentences = read_sentences(Path(__file__).with_name("sentences.txt"))
    cases = make_cases(tokenizer, sentences, options.seed)
    fairlead.save_suite(suite_folder, cases, source="sentences.txt, alone and in batches")
    print(f"exported the encoder and {len(cases)} cases", flush=True)
    fairlead.result({"cases": len(cases)})


if __name__ == "__main__":
    main()
