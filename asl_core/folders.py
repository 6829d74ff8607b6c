"""Where the shipped models lie, and where runs are kept unless the environment says otherwise."""

from pathlib import Path

PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parent
"""The checkout; of an installed package the folder that holds it, such as `site-packages`."""

_IN_PACKAGE = PACKAGE / "models"  # pyproject.toml puts models/ there in a wheel
IS_INSTALLED = _IN_PACKAGE.is_dir()
"""Whether the package was installed from a wheel, rather than run from a checkout."""

MODELS_FOLDER = _IN_PACKAGE if IS_INSTALLED else ROOT / "models"
APP_SCRIPT = PACKAGE / "dashboard" / "app.py" if IS_INSTALLED else ROOT / "app.py"
"""The dashboard, which the wheel carries too; `.streamlit/` lies beside it."""

RUNS_FOLDER = Path.cwd() / "runs" if IS_INSTALLED else ROOT / "runs"
"""Nothing is trained into `site-packages`: an installed `asl` keeps runs where it is started."""

PHOTOS_VARIABLE = "ASL_PHOTOS"
"""Environment variable that names the folder of the measured photos."""
