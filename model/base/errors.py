"""The base class of all errors that are meant for the user."""

from model.base.shown import shown


class UserError(ValueError):
    """What went wrong, in one plain sentence that also says what to do.

    Code that catches one shows its text unchanged. Any other exception is a bug and goes to the log with its trace.
    Values are filled into the sentence with `str.format`.
    """

    # What would help, for a program that can offer it: "data" (another file), "cpu" (another device), "ask" (the user),
    # "again" (from the beginning).
    instead = ""

    def __init__(self, sentence: str = "", /, **values: object):
        text = sentence.format(**values) if values else sentence
        super().__init__(shown(text))  # names of files can be in it, and what files say
