"""Everything about the network: ink, normalisation, recognition, training. Never imports ``app``."""
