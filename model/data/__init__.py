"""What networks are trained with and of: MNIST, pen ink, and the networks by name."""
