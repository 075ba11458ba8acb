"""Making networks: from what a training is given to a bundle. What imports TensorFlow when it's imported is here."""
