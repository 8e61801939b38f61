"""The package: light to import, typed, and with its tables inside the wheel."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import tomllib
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
    """``__all__`` is in every module that has more than a docstring, and names what is there."""
    modules = [name for _, name, _ in pkgutil.walk_packages(kafkatco.__path__, "kafkatco.")]
    assert len(modules) > 200
    for name in modules:
        if name == "kafkatco.__main__":  # it runs when it is imported
            continue
        module = importlib.import_module(name)
        [*_, last] = ast.parse(inspect.getsource(module)).body
        if isinstance(last, ast.Expr):  # the docstring alone
            assert not hasattr(module, "__all__"), name
            continue
        assert hasattr(module, "__all__"), f"{name} has no __all__"
        for public in module.__all__:
            assert hasattr(module, public), f"{name}.{public}"


def test_tests_stand_in_the_folders_of_their_packages() -> None:
    package, tests = Path(kafkatco.__file__).parent, ROOT / "tests"
    folders = {path.parent.relative_to(tests) for path in tests.rglob("test_*.py")}
    folders -= {Path(), Path("documents")}  # README.md, docs and notebooks
    assert not [name for name in folders if not (package / name / "__init__.py").is_file()]
    whole = ("arguments", "contracts", "package")  # these test the package as a whole
    assert {path.stem for path in tests.glob("test_*.py")} == {f"test_{name}" for name in whole}


def test_the_lowest_versions_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    wanted = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    lowest = {
        re.sub(r"\[.*\]", "", line.replace(">=", "=="))
        for line in wanted
        if not line.startswith("kafkatco")
    }
    lines = (ROOT / "tests" / "lowest.txt").read_text(encoding="utf-8").splitlines()
    versions = dict(line.split("==") for line in lines if "==" in line)
    for name, version in (line.split("==") for line in lowest):
        # 0.4 is 0.4.0
        assert f"{versions[name]}.0".startswith(f"{version}."), name
    for path in re.findall(r"--ignore (\S+)", makefile):
        assert (ROOT / path).exists(), f"make lowest leaves out {path}, which is not there"


def test_excerpts_are_small_and_have_a_source() -> None:
    excerpts = {path.name: path for path in (ROOT / "tests" / "data").iterdir()}
    lines = excerpts.pop("README.md").read_text(encoding="utf-8").splitlines()
    assert {line.split("`")[1] for line in lines if line.startswith("| `")} == set(excerpts)
    for name, path in excerpts.items():
        assert path.stat().st_size < 60_000, name


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
