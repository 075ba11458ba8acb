"""Making networks: from what a training is given to a bundle. TensorFlow is imported here and nowhere else."""
