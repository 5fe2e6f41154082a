"""The wheel and the sdist: whole, alike, and enough by themselves."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "pmpress"
pytestmark = pytest.mark.slow


def called(*command: object, folder: Path, **environment: str) -> str:
    arguments = [sys.executable, *map(str, command)]
    variables = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000", **environment}
    done = subprocess.run(arguments, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel, made of the sdist, and the sdist. Nothing is fetched."""
    folder = tmp_path_factory.mktemp("dist")
    called("-m", "build", "--no-isolation", "--outdir", folder, ROOT, folder=folder)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def test_twine_finds_nothing(packages: tuple[Path, Path], tmp_path: Path) -> None:
    assert called("-m", "twine", "check", "--strict", *packages, folder=tmp_path).count("PASSED") == 2


def test_all_that_the_press_needs_is_in_the_wheel(packages: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(packages[0]) as wheel:
        names = {name for name in wheel.namelist() if not name.startswith("pmpress-")}
    parts = ((SOURCE, "pmpress"), (ROOT / "layouts", "pmpress/layouts"))
    files = {
        f"{inside}/{path.relative_to(root).as_posix()}"
        for root, inside in parts
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names == files


def test_what_make_and_make_test_need_is_in_the_sdist(packages: tuple[Path, Path]) -> None:
    with tarfile.open(packages[1]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    folders = ("manuscript", "docs", "tests")
    files = {path.relative_to(ROOT).as_posix() for folder in folders for path in (ROOT / folder).rglob("*.[mt][do]*")}
    assert names >= {*files, "Makefile", "README.md", "LICENSE", "requirements.txt", "requirements-dev.txt"}


def test_the_wheel_alone_makes_a_book(packages: tuple[Path, Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(packages[0]) as wheel:
        wheel.extractall(tmp_path / "installed")
    only = {"PYTHONPATH": str(tmp_path / "installed")}
    where = called("-c", "import pmpress; print(pmpress.__file__)", folder=tmp_path, **only)
    assert Path(where.strip()).is_relative_to(tmp_path)
    called("-m", "pmpress", "new", "new", "--kind", "handbook", "--language", "en", folder=tmp_path, **only)
    built = called("-m", "pmpress", "build", "new", "--quiet", folder=tmp_path, **only)
    assert built.split() == ["build/new.pdf", "build/new.epub"]
