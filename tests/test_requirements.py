"""Compares what is imported with what requirements.in, requirements.txt and pyproject.toml name."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
OURS = {"asl_core", "pages", "app", "scripts", "benchmarks", "tests"}

NAMES = {"opencv-contrib-python": "opencv-python-headless"}
"""What may be installed in the place of a requirement: OpenCV's builds all bring `cv2`."""

NEVER_IMPORTED = {"python-multipart", "websockets"}
"""Starlette imports the first to read forms, uvicorn the second for sockets; both only then."""


def requirements(name: str) -> dict[str, Requirement]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    stated = (re.split(r"\s+#|^#", line)[0].strip() for line in lines)
    # Lines such as `--find-links` are options of pip.
    found = [Requirement(line) for line in stated if line and not line.startswith("-")]
    return {requirement.name: requirement for requirement in found}


def imported_packages(*places: str) -> dict[str, set[str]]:
    """Top-level package -> the files that import it; the standard library and ours left out."""
    found: dict[str, set[str]] = {}
    for place in places:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            for package in imported_by(file.read_text(encoding="utf-8")):
                found.setdefault(package, set()).add(file.relative_to(ROOT).as_posix())
    return found


def imported_by(source: str) -> set[str]:
    modules = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.append(node.module)
    packages = {module.split(".")[0] for module in modules}
    return packages - sys.stdlib_module_names - OURS


def distributions(packages: dict[str, set[str]]) -> dict[str, set[str]]:
    """Distribution -> the files that need it, by the metadata of what is installed."""
    installed = packages_distributions()
    found: dict[str, set[str]] = {}
    for package, files in packages.items():
        for name in installed.get(package, [package]):
            normal = re.sub(r"[-_.]+", "-", name).lower()
            found.setdefault(NAMES.get(normal, normal), set()).update(files)
    return found


SERVED = distributions(imported_packages("asl_core", "pages", "app.py"))
CHECKED = distributions(imported_packages("tests", "scripts", "benchmarks"))


def test_everything_imported_is_required_and_nothing_else():
    required = {**requirements("requirements.in"), **requirements("requirements-scale.in")}
    missing = {name: files for name, files in SERVED.items() if name not in required}
    assert missing == {}
    assert set(required) - set(SERVED) == NEVER_IMPORTED


def test_only_the_scale_package_needs_its_extra():
    extra = set(requirements("requirements-scale.in"))
    strangers = {
        name: {file for file in SERVED[name] if not file.startswith("asl_core/scale/")}
        for name in extra
    }
    assert strangers == {name: set() for name in extra}


def test_what_the_tests_import_is_required():
    lists = ("requirements.in", "requirements-scale.in", "requirements-dev.in")
    required = {name: line for file in lists for name, line in requirements(file).items()}
    assert {name: files for name, files in CHECKED.items() if name not in required} == {}


def test_pyproject_names_what_the_lists_pin():
    """The package alone is the light installation; its extras are the rest, and Ray."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins, light = requirements("requirements.in"), requirements("requirements-light.in")
    needed = {r.name: r.specifier for r in map(Requirement, project["dependencies"])}
    extra = project["optional-dependencies"]["train"]
    further = {r.name: r.specifier for r in map(Requirement, extra)}
    assert list(needed) == list(light)
    assert {*needed, *further} == set(pins) and not set(needed) & set(further)
    for name, requirement in pins.items():
        (pin,) = requirement.specifier
        assert pin.operator == "=="
        assert (needed | further)[name].contains(pin.version), name
    scale = {r.name: r for r in map(Requirement, project["optional-dependencies"]["scale"])}
    scale_pins = requirements("requirements-scale.in")
    assert set(scale) == set(scale_pins)
    for name, requirement in scale_pins.items():
        (pin,) = requirement.specifier
        assert scale[name].specifier.contains(pin.version), name
        assert scale[name].extras == requirement.extras


def test_the_light_installation_pins_what_the_full_one_does():
    full, light = requirements("requirements.txt"), requirements("requirements-light.txt")
    assert {name: full[name].specifier for name in light} == {
        name: requirement.specifier for name, requirement in light.items()
    }
    assert not {"torch", "torchvision", "onnx", "scikit-learn"} & set(light)


def test_the_scale_list_fits_beside_the_others():
    full, scale = requirements("requirements.txt"), requirements("requirements-scale.txt")
    both = full.keys() & scale.keys()
    assert both
    assert {name: full[name].specifier for name in both} == {
        name: scale[name].specifier for name in both
    }


@pytest.mark.parametrize(
    "name", ["requirements", "requirements-light", "requirements-scale", "requirements-dev"]
)
def test_the_pinned_list_is_that_of_the_stated_one(name):
    pinned = requirements(f"{name}.txt")
    for stated in requirements(f"{name}.in").values():
        assert pinned[stated.name].specifier == stated.specifier


def test_an_import_is_found_wherever_it_stands():
    source = (
        "import os\nimport numpy.linalg\ndef f():\n    from PIL import Image\n    import asl_core\n"
    )
    assert imported_by(source) == {"numpy", "PIL"}
