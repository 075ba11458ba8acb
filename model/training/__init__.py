"""Making networks: from what a training is given to a bundle. What imports TensorFlow when it is imported is here."""
