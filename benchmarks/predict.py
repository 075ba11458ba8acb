"""Keras: a dozen lines that read pictures of 28x28 pixels with `predict` in batches, as the tutorials read them."""

import sys
from pathlib import Path

import keras
import numpy as np
from PIL import Image

network = keras.saving.load_model(sys.argv[1])
paths = sorted(Path(sys.argv[2]).iterdir())
images = np.stack([np.asarray(Image.open(path)) for path in paths]) / np.float32(255)
for path, answer in zip(paths, network.predict(images, batch_size=256, verbose=0), strict=True):
    print(path, answer.argmax(), f"{answer.max():.4f}", sep="\t")
