"""The language models in the form that a GPU traces, computed by MLX on the CPU."""

from cases import main
from mlx_language import make

if __name__ == "__main__":
    main(make, gpu=True)
