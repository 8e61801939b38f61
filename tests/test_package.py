"""The package: light to import, typed, and with its tables inside the wheel."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import kafkatco
from support.paths import ROOT

HEAVY = (
    "numpy",
    "pandas",
    "pint",
    "pydantic",
    "xarray",
    "matplotlib",
    "rich",
    "scipy",
    "requests",
    "pyarrow",
)


def test_importing_loads_nothing_heavy() -> None:
    code = f"import kafkatco, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from kafkatco.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "usage: kafkatco" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_curves_need_numpy_alone() -> None:
    heavy = [name for name in HEAVY if name != "numpy"]
    code = (
        f"import kafkatco, sys; kafkatco.Curve; print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_can_be_had() -> None:
    names: list[str] = vars(kafkatco)["__all__"]
    for name in names:
        value = getattr(kafkatco, name)
        assert value.__doc__, name
        assert value.__module__.startswith("kafkatco."), name


def test_every_module_lists_its_names() -> None:
    import importlib
    import pkgutil

    for module in pkgutil.walk_packages(kafkatco.__path__, "kafkatco."):
        if module.name.endswith("__main__"):
            continue
        loaded = importlib.import_module(module.name)
        for name in getattr(loaded, "__all__", ()):
            assert hasattr(loaded, name), f"{module.name}.{name}"


@pytest.mark.slow
def test_the_wheel_has_tables_types_and_scenario(tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--wheel-dir",
            str(tmp_path),
            str(ROOT),
        ],
        check=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    tables = {f"kafkatco/{p.relative_to(ROOT).as_posix()}" for p in ROOT.glob("pricing/**/*.csv")}
    assert tables
    assert tables <= names
    assert {
        "kafkatco/py.typed",
        "kafkatco/__init__.pyi",
        "kafkatco/scenario/examples/article.toml",
        "kafkatco/finops/columns.csv",
        "kafkatco/finops/services.csv",
    } <= names
