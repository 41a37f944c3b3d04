"""Make .venv and install a file of requirements into it, unless that was done before.

    python3 scripts/make_venv.py requirements.txt

Written for old Pythons too: it is the one that tells them that they are too old.
"""

import hashlib
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
VENV = ".venv"
PYTHON = os.path.join(VENV, "bin", "python")
MEGABYTES = {"requirements.txt": 400, "requirements-dev.txt": 900}


def main(requirements):
    version = ".".join(map(str, sys.version_info[:2]))
    if sys.version_info < OLDEST:
        newer = [name for name in (f"python3.{minor}" for minor in range(14, 10, -1)) if shutil.which(name)]
        remedy = f"run `make PYTHON={newer[0]} ...`" if newer else "install one and run `make PYTHON=python3.12 ...`"
        sys.exit(f"This is Python {version}, and the tracker needs 3.11 or newer: {remedy}.")
    wanted = hashlib.sha256((version + contents(requirements)).encode()).hexdigest()
    stamp = os.path.join(VENV, "installed-" + os.path.basename(requirements))
    if os.path.exists(PYTHON) and os.path.exists(stamp):
        with open(stamp) as file:
            if file.read() == wanted:
                return
    if not os.access(".", os.W_OK):
        sys.exit(f"{os.getcwd()} is read-only for this user: copy the checkout to a folder of your own.")
    free = shutil.disk_usage(".").free // 1000000
    needed = MEGABYTES.get(os.path.basename(requirements), 400)
    if free < needed:
        sys.exit(f"The disk has {free} MB free, and the packages need {needed} MB: make room and try again.")
    make(version)
    install(requirements)
    with open(stamp, "w") as file:
        file.write(wanted)


def contents(requirements):
    """The text of a file of requirements and of those that it includes."""
    with open(requirements) as file:
        text = file.read()
    folder = os.path.dirname(requirements)
    included = [line.split()[1] for line in text.splitlines() if line.startswith("-r ")]
    return text + "".join(contents(os.path.join(folder, name)) for name in included)


def make(version):
    """Make the virtual environment; one that works, of the same Python, stays."""
    asked = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    if os.path.exists(PYTHON):
        answer = subprocess.run([PYTHON, "-c", asked], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if answer.returncode == 0 and answer.stdout.decode().strip() == version:
            return
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        sys.exit(
            "This Python has no venv module: install it (Debian, Ubuntu: `sudo apt install python3-venv`) "
            "and try again."
        )
    print(f"Making {VENV} with Python {version}", flush=True)
    if subprocess.run([sys.executable, "-m", "venv", "--clear", VENV]).returncode:
        sys.exit(f"The virtual environment {VENV} could not be made; the lines above say why.")


def install(requirements):
    print(f"Installing the packages of {requirements} (this once)", flush=True)
    command = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    if subprocess.run(command + ["-r", requirements]).returncode:
        sys.exit(
            "The packages could not be installed; the lines above say why. Behind a proxy or without the public "
            "index, set PIP_INDEX_URL or HTTPS_PROXY and try again."
        )


if __name__ == "__main__":
    main(sys.argv[1])
