"""Which tag of raw HTML ends which. Markdown's own elements are borders: what is opened in a paragraph ends in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pmpress.dialect.html import policy
from pmpress.dialect.html.rawtags import Border, Event, Tag
from pmpress.dialect.reading import Reading

MAX_DEPTH = 80  # elements in elements: past this the tags go and the text stays


@dataclass(slots=True)
class _Scope:
    """What is open inside one of Markdown's elements: places of start tags, and how many there are of a name."""

    open: list[int] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)


def pair(events: Sequence[Event], reading: Reading) -> dict[int, list[int]]:
    """Give each tag that has one its partner, and report those that have none.

    Returns the start tags whose end HTML lets an author leave out: before which event which of them end.
    """
    pairing = _Pairing(events, reading)
    for place, event in enumerate(events):
        if isinstance(event, Border):
            pairing.border(place, event)
        elif isinstance(event, Tag):
            if event.starts:
                pairing.start(place, event)
            else:
                pairing.end(place, event)
    pairing.close(len(events))
    return pairing.ends


class _Pairing:
    """The state of `pair`: the open tags, by the Markdown elements they stand in."""

    def __init__(self, events: Sequence[Event], reading: Reading) -> None:
        self._events = events
        self._reading = reading
        self._scopes = [_Scope()]
        self._depth = 0
        self.ends: dict[int, list[int]] = {}

    def border(self, place: int, border: Border) -> None:
        """One of Markdown's own tags."""
        if border.opens:
            self._imply(place, border.name)
            self._scopes.append(_Scope())
            self._depth += 1
        else:
            self.close(place)
            self._scopes.pop()
            self._depth -= 1

    def start(self, place: int, tag: Tag) -> None:
        """A raw start tag."""
        self._imply(place, tag.name)
        if tag.alone:
            return
        tag.too_deep = self._depth >= MAX_DEPTH
        scope = self._scopes[-1]
        scope.open.append(place)
        scope.names[tag.name] += 1
        self._depth += 1

    def end(self, place: int, tag: Tag) -> None:
        """A raw end tag: the innermost element of its name ends, and all in it."""
        scope = self._scopes[-1]
        if not scope.names[tag.name]:
            self._report(tag)
            return
        while (open_tag := self._tag(scope.open[-1])).name != tag.name:
            self._close_last(place, open_tag)
        open_tag.partner, tag.partner = place, scope.open[-1]
        self._forget_last(open_tag)

    def close(self, place: int) -> None:
        """The end of one of Markdown's elements, or of the text."""
        scope = self._scopes[-1]
        while scope.open:
            self._close_last(place, self._tag(scope.open[-1]))

    def _imply(self, place: int, name: str) -> None:
        """End what an element of this name ends by its beginning."""
        ended = policy.ENDS.get(name)
        scope = self._scopes[-1]
        while ended and scope.open and (tag := self._tag(scope.open[-1])).name in ended:
            self._close_last(place, tag)

    def _close_last(self, place: int, tag: Tag) -> None:
        if tag.name in policy.END_OPTIONAL:
            tag.partner = place
            self.ends.setdefault(place, []).append(self._scopes[-1].open[-1])
        else:
            self._report(tag)
        self._forget_last(tag)

    def _forget_last(self, tag: Tag) -> None:
        scope = self._scopes[-1]
        scope.open.pop()
        scope.names[tag.name] -= 1
        self._depth -= 1

    def _tag(self, place: int) -> Tag:
        tag = self._events[place]
        assert isinstance(tag, Tag)
        return tag

    def _report(self, tag: Tag) -> None:
        if tag.alone or tag.name in policy.REMOVED or not policy.is_known(tag.name):
            return  # nobody misses it, and if it had content, `html` says what became of that
        if tag.starts:
            message = f"<{tag.name}> is never closed where it was opened: the tag is left out"
        else:
            message = f"</{tag.name}> closes nothing: the tag is left out"
        self._reading.warn("html-broken", message, tag.line)
