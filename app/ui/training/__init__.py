"""Training and learning in the window: the dialog, the strip, and what installs TensorFlow."""
