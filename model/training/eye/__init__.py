"""The eye: the network that tells what is written from everything else on paper, and the paper that it learns by."""
