"""The peer: twenty lines with OpenCV and ONNX Runtime, as people write them for many pictures of digits."""

import sys
from pathlib import Path

import cv2
import numpy as np
import onnxruntime


def image(path):
    grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    grey = 255 - grey if grey[0].mean() > 127 else grey  # ink is to be bright
    left, top, width, height = cv2.boundingRect((grey > 64).astype(np.uint8))
    size = [max(1, round(side * 20 / max(width, height))) for side in (width, height)]
    digit = cv2.resize(grey[top : top + height, left : left + width], size, interpolation=cv2.INTER_AREA)
    mass = cv2.moments(digit)
    x, y = (14 - mass[moment] / mass["m00"] for moment in ("m10", "m01"))
    return cv2.warpAffine(digit, np.float32([[1, 0, x], [0, 1, y]]), (28, 28)) / np.float32(255)


network = onnxruntime.InferenceSession(sys.argv[1])
(start,) = network.get_inputs()
paths = sorted(Path(sys.argv[2]).iterdir())
for first in range(0, len(paths), 256):
    batch = np.stack([image(path) for path in paths[first : first + 256]])
    for path, answer in zip(paths[first:], network.run(None, {start.name: batch})[0], strict=False):
        print(path, answer.argmax(), f"{answer.max():.4f}", sep="\t")
