"""The dialogs around models: the list, a model's card, opening one of somebody else."""
