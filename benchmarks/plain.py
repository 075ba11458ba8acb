"""The plain program: a digit reader written the way the MNIST tutorials write one.

Everything is imported at the top, the canvas image is resized to 28x28 and inverted, the model is loaded at each click.
It is what Inkling is measured against, so nothing here is to be made better.
"""

import os
import tkinter as tk

import matplotlib.pyplot as plt  # noqa: F401  (the tutorials have it here)
import numpy as np
from PIL import Image, ImageDraw, ImageOps
from tensorflow.keras.models import load_model

MODEL = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "assets", "model", "model.keras")


def prepare(image):
    image = ImageOps.invert(image.resize((28, 28)))
    return np.array(image).reshape(1, 28, 28) / 255.0


class App:
    def __init__(self, root):
        self.root = root
        self.root.title("Plain")
        self.canvas = tk.Canvas(root, width=280, height=280, bg="white")
        self.canvas.grid(row=0, column=0, columnspan=2)
        self.label = tk.Label(root, text="", font=("Helvetica", 48), width=4)
        self.label.grid(row=0, column=2)
        tk.Button(root, text="Recognize", command=self.recognize).grid(row=1, column=0)
        tk.Button(root, text="Clear", command=self.clear).grid(row=1, column=1)
        self.canvas.bind("<Button-1>", self.start)
        self.canvas.bind("<B1-Motion>", self.paint)
        self.clear()

    def clear(self):
        self.canvas.delete("all")
        self.image = Image.new("L", (280, 280), 255)
        self.draw = ImageDraw.Draw(self.image)
        self.label.config(text="")

    def start(self, event):
        self.x, self.y = event.x, event.y

    def paint(self, event):
        self.canvas.create_line(self.x, self.y, event.x, event.y, width=20, fill="black", capstyle=tk.ROUND)
        self.draw.line([self.x, self.y, event.x, event.y], fill=0, width=20)
        self.x, self.y = event.x, event.y

    def recognize(self):
        model = load_model(MODEL)
        prediction = model.predict(prepare(self.image))
        self.label.config(text=str(np.argmax(prediction)))


if __name__ == "__main__":
    window = tk.Tk()
    App(window)
    window.mainloop()
