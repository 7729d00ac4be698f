"""`make package`: the wheel with server, migrations, app and extension, in dist/.

What was built for the checkout is laid into the package first; git ignores it there.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "backend" / "web" / "built"


def lay_in() -> None:
    """Copy app, unpacked extension, zips and words into the package."""
    shutil.rmtree(BUILT, ignore_errors=True)
    shutil.copytree(ROOT / "extension" / "build" / "app", BUILT / "app")
    shutil.copytree(ROOT / "_locales", BUILT / "_locales", ignore=shutil.ignore_patterns(".lock"))
    (BUILT / "dist").mkdir()
    shutil.copytree(ROOT / "dist" / "chrome", BUILT / "dist" / "chrome")
    for name in ("entregent-chrome.zip", "entregent-firefox.zip"):
        shutil.copy2(ROOT / "dist" / name, BUILT / "dist" / name)


def build(folder: Path) -> Path:
    """The wheel, built without reaching for anything."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    subprocess.run([*command, str(folder), str(ROOT)], check=True)
    return max(folder.glob("entregent-*.whl"), key=lambda path: path.stat().st_mtime)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "dist", help="folder for the wheel")
    folder = parser.parse_args().to
    lay_in()
    try:
        wheel = build(folder)
    finally:
        shutil.rmtree(BUILT, ignore_errors=True)
    print(f"{wheel}  {wheel.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
