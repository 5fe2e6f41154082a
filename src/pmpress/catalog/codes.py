"""What the press knows by its own words or those of MARC and schema.org, in the code lists of ONIX."""

from __future__ import annotations

from collections.abc import Mapping

# List 17, contributor roles, by MARC's. Whoever holds the copyright or publishes is told elsewhere.
ROLES: Mapping[str, str] = {
    "abr": "B04", "adp": "B05", "aft": "A19", "ann": "A20", "ant": "A38", "arr": "B25", "art": "A07", "aui": "A24",
    "aus": "A03", "aut": "A01", "bjd": "A36", "bkd": "A11", "clr": "A47", "cmm": "A21", "cmp": "A06", "com": "C01",
    "cov": "A36", "cre": "A09", "ctb": "A32", "ctg": "A39", "cur": "C04", "cwt": "A21", "drt": "D02", "dsr": "A11",
    "dte": "Z02", "edc": "B01", "edt": "B01", "ill": "A12", "ive": "A44", "ivr": "A43", "lbt": "A04", "lyr": "A05",
    "nrt": "E03", "pht": "A13", "prg": "A30", "pro": "D01", "res": "A51", "ths": "B27", "trl": "B06", "wac": "A21",
    "wam": "A18", "win": "A24", "wpr": "A15", "wst": "A18",
}  # fmt: skip
OTHER_ROLE = "Z99"
NO_CONTRIBUTORS = frozenset({"cph", "pbl"})

# List 27, schemes of subjects. What a Thema code begins with says of which of its lists it is.
BISAC, KEYWORDS, THEMA = "10", "20", "93"
THEMA_QUALIFIERS: Mapping[str, str] = {"1": "94", "2": "95", "3": "96", "4": "97", "5": "98", "6": "99"}

# List 196, details of accessibility, by the words of the e-book's package (the Schema.org Accessibility Properties
# Crosswalk of W3C's community group).
SUMMARY = "00"
FEATURES: Mapping[str, str] = {
    "tableOfContents": "11", "index": "12", "readingOrder": "13", "alternativeText": "14", "longDescription": "15",
    "MathML": "17", "printPageNumbers": "19", "pageNavigation": "19", "pageBreakMarkers": "19",
    "structuralNavigation": "29", "ARIA": "30", "displayTransformability": "36",
}  # fmt: skip
WITHOUT_SIGHT = "52"

# List 143, hazards.
HAZARDS: Mapping[str, tuple[str, ...]] = {
    "none": ("14", "16", "18"),
    "flashing": ("13",), "noFlashingHazard": ("14",), "sound": ("15",), "noSoundHazard": ("16",),
    "motionSimulation": ("17",), "noMotionSimulationHazard": ("18",),
}  # fmt: skip
