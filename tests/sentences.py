"""The tests' language: each sentence as it is, provided that translators can find it."""

from __future__ import annotations

import functools
import gettext

import polib

from model.base.language import FOLDER


class Known(gettext.NullTranslations):
    """English, limited to the sentences that can be translated: one that's put together at run time can't."""

    def gettext(self, message: str) -> str:
        """Return a sentence as it is."""
        assert message in known(), f"no language has {message!r}"
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return whichever of two sentences goes with a count."""
        assert {msgid1, msgid2} <= known(), f"no language has {msgid1!r} with {msgid2!r}"
        return super().ngettext(msgid1, msgid2, n)


@functools.cache
def known() -> frozenset[str]:
    """Return the sentences in all sources."""
    return frozenset(
        said for entry in polib.pofile(str(FOLDER / "zh_CN.po")) for said in (entry.msgid, entry.msgid_plural)
    )
