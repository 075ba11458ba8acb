"""The one base of all errors that are meant for the user."""

from model.base.shown import shown


class UserError(ValueError):
    """What went wrong, said in one plain sentence that also tells what to do.

    Whoever meets one shows its text as it is, wherever that is; any other exception is a bug and goes to the log with
    its trace. Values take their places in the sentence as `str.format` puts them there.
    """

    # What would help, for a program that can offer it: "data" (another file), "cpu" (another device), "ask" (the user).
    instead = ""

    def __init__(self, sentence: str = "", /, **values: object):
        text = sentence.format(**values) if values else sentence
        super().__init__(shown(text))  # names of files can be in it, and what files say
