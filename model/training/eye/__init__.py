"""The eye: the network that tells what is written from all else on paper, and the paper that it learns by."""
