"""Plain WeasyPrint on a prepared folder: `python plain.py FOLDER FILE.pdf`. One document, one process, `pdf/ua-1`."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main(folder: Path, pdf: Path) -> None:
    """Write the PDF."""
    os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
    import weasyprint  # it looks for fonts when it is imported

    look = weasyprint.CSS(filename=folder / "print.css")
    weasyprint.HTML(filename=folder / "book.html").write_pdf(pdf, stylesheets=[look], pdf_variant="pdf/ua-1")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
