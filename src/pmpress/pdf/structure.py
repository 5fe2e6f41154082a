"""One tree of tags over all the sheets' (ISO 32000-1, 14.7)."""

from __future__ import annotations

from itertools import chain

from pikepdf import Array, Dictionary, Name, Object, Pdf, String


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

    def take_over(self, sheet: Pdf, start: int) -> None:
        """Take over the tags of a sheet, whose pages are already in the book from page_index `start` on."""
        root = self._pdf.copy_foreign(sheet.Root.StructTreeRoot)
        for kid in root.K[0].K:
            kid.P = self._document
            self._kids.append(kid)
        numbers = [int(number) for number in root.ParentTree.Nums[::2]]
        self._parents.extend(
            (self._next + number, value) for number, value in zip(numbers, root.ParentTree.Nums[1::2], strict=True)
        )
        for page in self._pdf.pages[start:]:
            if "/StructParents" in page.obj:
                page.obj.StructParents = int(page.obj.StructParents) + self._next
            for annotation in page.obj.get("/Annots", ()):
                if "/StructParent" in annotation:
                    annotation.StructParent = int(annotation.StructParent) + self._next
        names = root.IDTree.Names
        self._identified.update((bytes(name), element) for name, element in zip(names[::2], names[1::2], strict=True))
        self._next += max(numbers, default=-1) + 1

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
