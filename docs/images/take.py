"""Take the screenshots of the README from a running program with the demo.

    make run                                  # in one terminal
    .venv/bin/python docs/images/take.py      # in another; --url where it serves elsewhere

Needs the packages of requirements-dev.txt and a Chromium.
"""

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent.parent))

from tracker import localdata  # noqa: E402


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.get_by_label("Username").fill("demo-reviewer")
    page.get_by_label("Password").fill(localdata.secret("demo_password"))
    page.get_by_role("main").get_by_role("button").click()


def workbench(page: Page, url: str) -> None:
    page.goto(f"{url}/review/next/?order=oldest")
    page.screenshot(path=FOLDER / "workbench.png")


def transfer(page: Page, url: str) -> None:
    page.goto(f"{url}/transfers/?contested=yes&sort=-supports")
    page.locator("table.rows tbody a").first.click()
    page.screenshot(path=FOLDER / "transfer.png")


def flows(page: Page, url: str) -> None:
    page.goto(f"{url}/flows/")
    page.screenshot(path=FOLDER / "flows.png")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--url", default="http://127.0.0.1:8000")
    url = arguments.parse_args().url.rstrip("/")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page(viewport={"width": 1360, "height": 860}, color_scheme="light")
        sign_in(page, url)
        workbench(page, url)
        transfer(page, url)
        flows(page, url)
        browser.close()


if __name__ == "__main__":
    main()
