"""Makes the models next to this script with Keras 2. They're kept, because Keras 3 can't write such files.

python3.11 -m venv keras2
keras2/bin/pip install "tensorflow-cpu==2.15.1"
keras2/bin/python tests/keras2/make.py ../shared/data/mnist.npz
"""

import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

layers = tf.keras.layers
assert tf.__version__.startswith("2.15.")  # the last one with Keras 2
tf.keras.utils.set_random_seed(0)
with np.load(sys.argv[1]) as file:
    images, labels = file["x_train"].astype("float32") / 255, file["y_train"]

mlp = tf.keras.Sequential(
    [
        layers.Dense(32, activation="relu", input_shape=(784,)),
        layers.Dense(10, activation="softmax"),
    ]
)
cnn = tf.keras.Sequential(
    [
        layers.Conv2D(6, 5, activation="relu", input_shape=(28, 28, 1)),
        layers.MaxPooling2D(),
        layers.Conv2D(12, 5, activation="relu"),
        layers.MaxPooling2D(),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
for name, model, shape in (("mlp", mlp, (784,)), ("cnn", cnn, (28, 28, 1))):
    model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(images.reshape(-1, *shape), labels, batch_size=128, epochs=2, verbose=2)
    model.save(Path(__file__).with_name(f"{name}.h5"))
cnn.save(Path(__file__).with_name("cnn.keras"))
