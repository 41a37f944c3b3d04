"""From the key to the next usable card, in a real browser, with many events that wait.

python -m bench.keys [--decisions N] [--chromium PATH]

Reads the database that `manage.py make_volume` has made. The time runs from the key's event in the page to the first
frame that shows the next card when htmx has bound its buttons; nothing of the driver is in it.
"""

import argparse
import statistics
import sys

from bench import served

DATABASE = "volume"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
KEYS = ("a", "n", "a", "r3")
WATCH = """() => {
  window.taken = []
  let pressed = 0
  addEventListener("keydown", () => { pressed = performance.now() }, true)
  let shown = document.querySelector("#workbench").dataset.event
  document.addEventListener("htmx:afterSettle", () => {
    const now = document.querySelector("#workbench")?.dataset.event
    if (!now || now === shown) return
    shown = now
    const began = pressed
    requestAnimationFrame(() => setTimeout(() => window.taken.push(performance.now() - began)))
  })
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decisions", type=int, default=200)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    args = parser.parse_args()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.exit("Playwright is missing: install requirements-dev.txt.")
    if not served.exists(DATABASE):
        sys.exit("The data is missing: run `python manage.py make_volume` first.")
    with served.serving(DATABASE) as at, sync_playwright() as playwright:
        (waiting,) = at.ask("SELECT count(*) FROM tracker_reviewitem WHERE state = 'pending'")
        browser = playwright.chromium.launch(executable_path=args.chromium, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1360, "height": 900})
        page.goto(f"{at.address}/accounts/login/")
        page.fill("[name=username]", at.users[0])
        page.fill("[name=password]", at.password)
        page.click("main button")
        page.goto(f"{at.address}/review/next/")
        page.evaluate(WATCH)
        for number in range(args.decisions):
            keys = KEYS[number % len(KEYS)]
            if keys == "n" and page.input_value("#decision [name=stage]") == "sanction":
                keys = "a"
            for key in keys:
                page.keyboard.press(key)
            for _ in range(1000):
                if page.evaluate("() => window.taken.length") > number:
                    break
                page.wait_for_timeout(10)
            else:
                sys.exit(f"No next card after decision {number + 1}.")
        taken = sorted(page.evaluate("() => window.taken"))
        browser.close()
    print(f"{len(taken)} decisions, {waiting:,} events waiting")
    print(f"key to next card: p50 {statistics.median(taken):.0f} ms, p95 {taken[int(len(taken) * 0.95)]:.0f} ms")


if __name__ == "__main__":
    main()
