"""The desktop program. Its process never imports TensorFlow."""
