"""XML from untrusted files as a tree: entities are rejected, nothing is fetched, and its size is limited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from model.base.language import _
from model.ink.ink import MOST_POINTS, InkError

MOST_ELEMENTS = 50_000  # of a file: each becomes an object
DEEPEST_ELEMENT = 100  # elements inside each other


@dataclass(slots=True)
class Element:
    """An element: its name and its attributes' names without namespace prefixes, and the text directly in it."""

    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly in it."""
        return "".join(self.texts)

    def all(self) -> Iterator[Element]:
        """Yield it and everything in it, in document order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += reversed(element.children)


def parsed(content: bytes) -> Element:
    """Return the element that an XML file consists of. Raises InkError."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.begin, reader.end
    parser.CharacterDataHandler = reader.take
    parser.EntityDeclHandler = _refuse  # so none grows, and none names a file; an outer DTD isn't looked for anyway
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        sentence = _("This XML isn't complete ({reason}, line {line}). Save or download it again.")
        raise InkError(sentence, reason=expat.ErrorString(error.code), line=error.lineno) from error
    except InkError:
        raise
    except (LookupError, ValueError) as error:  # an encoding that Python doesn't know, or not a byte for a letter
        raise InkError(_("This XML has an unknown encoding. Save it in UTF-8.")) from error
    return reader.top.children[0]


def too_many() -> InkError:
    """Return the error for too many points in a file."""
    sentence = _("Its lines have more than {most:,} points. Leave some out, or simplify them where they were drawn.")
    return InkError(sentence, most=MOST_POINTS)


class _Reader:
    def __init__(self) -> None:
        self.top = Element("", {})
        self._open = [self.top]
        self._count = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS:
            sentence = _("This XML has more than {most:,} elements. Leave out what isn't ink.")
            raise InkError(sentence, most=MOST_ELEMENTS)
        if len(self._open) > DEEPEST_ELEMENT:
            sentence = _("This XML has more than {most} levels of elements. Save it without groups.")
            raise InkError(sentence, most=DEEPEST_ELEMENT)
        element = Element(_plain(name), {_plain(key): value for key, value in attributes.items()})
        self._open[-1].children.append(element)
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def take(self, text: str) -> None:
        self._open[-1].texts.append(text)


def _plain(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse(*_what: object) -> None:
    raise InkError(_("This XML declares entities, which aren't read. Save it without them, for example as plain SVG."))
