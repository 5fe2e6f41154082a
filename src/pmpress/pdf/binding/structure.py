"""One tree of tags over all the sheets' (ISO 32000-1, 14.7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from pikepdf import Array, Dictionary, Name, Object, Pdf, String


class SheetTags:
    """The tags of one sheet, already in the book's PDF."""

    def __init__(self, root: Object) -> None:
        self.kids = list(root.K[0].K)
        numbers = root.ParentTree.Nums
        self.parents = [(int(number), value) for number, value in zip(numbers[::2], numbers[1::2], strict=True)]
        names = root.IDTree.Names
        self.identified = dict(zip(map(bytes, names[::2]), names[1::2], strict=True))
        self.figures = list(root.Figures)


class Structure:
    """Gathers the sheets' trees under one `Document`, and numbers what their parent trees count anew."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=self._root))
        self._kids: list[Object] = []
        self._parents: list[tuple[int, Object]] = []
        self._identified: dict[bytes, Object] = {}
        self._next = 0

    def take_over(self, tags: SheetTags, pages: Sequence[Object]) -> None:
        """Put the tags of a sheet, whose pages these are, behind those that came before."""
        for kid in tags.kids:
            kid.P = self._document
        self._kids += tags.kids
        self._parents += [(self._next + number, value) for number, value in tags.parents]
        for page in pages:
            if "/StructParents" in page:
                page.StructParents = int(page.StructParents) + self._next
            for annotation in page.get("/Annots", ()):
                if "/StructParent" in annotation:
                    annotation.StructParent = int(annotation.StructParent) + self._next
        for form in _forms(pages[0].Resources):  # which the pages of a sheet share
            if "/StructParents" in form:
                form.StructParents = int(form.StructParents) + self._next
        self._identified.update(tags.identified)
        self._next += max((number for number, _ in tags.parents), default=-1) + 1

    def write(self) -> None:
        """Write the tree into the catalogue."""
        self._document.K = Array(self._kids)
        self._root.K = Array([self._document])
        self._root.ParentTree = self._pdf.make_indirect(Dictionary(Nums=Array(chain.from_iterable(self._parents))))
        self._root.ParentTreeNextKey = self._next
        if self._identified:
            ordered = sorted(self._identified.items())
            names = chain.from_iterable((String(name), element) for name, element in ordered)
            self._root.IDTree = self._pdf.make_indirect(Dictionary(Names=Array(names)))
        self._pdf.Root.StructTreeRoot = self._root
        self._pdf.Root.MarkInfo = Dictionary(Marked=True)


def _forms(resources: Object) -> Iterator[Object]:
    """The form XObjects among resources, and those that they are drawn with."""
    for thing in resources.get("/XObject", Dictionary()).values():
        if thing.get("/Subtype") == Name.Form:
            yield thing
            yield from _forms(thing.get("/Resources", Dictionary()))
