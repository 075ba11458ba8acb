"""The dialogs around models: the list, a model's card, opening somebody else's."""
