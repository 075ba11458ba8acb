"""A network taught its user's drawings without forgetting the rest."""
