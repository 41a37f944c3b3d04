"""Refit the confidence to the reviewers' decisions."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.reading import extractor
from tracker.review.calibration import Report, TooFew, calibrate

# The full list is in the JSON form.
RULES_SHOWN = 40


class Command(BaseCommand):
    help = (
        "Refits the confidence, by which the queue is ordered, to the reviewers' decisions, and reports how reliable "
        "the scores and the rules were. Nothing is accepted or rejected by it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--extractor", default=extractor(), help="whose events; all its versions count (default: %(default)s)"
        )
        parser.add_argument("--json", action="store_true", help="the whole report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = calibrate(options["extractor"])
        except TooFew as few:
            raise CommandError(str(few)) from few
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(lines(report)))


def lines(report: Report) -> list[str]:
    """The report as tables for a terminal."""
    shown = report.rules[:RULES_SHOWN]
    width = max([4, *(len(rule.rule) for rule in shown)])
    text = [
        f"{report.decided} decided events of the extractor “{report.extractor}”, {report.accepted} accepted",
        f"Brier score: {report.brier_before:.4f} raw, {report.brier_after:.4f} calibrated (on articles not fitted to)",
        f"{report.waiting} waiting events have another confidence now",
        "",
        "score     events  mean score  calibrated  accepted",
    ]
    text += [
        f"{level.low:.1f}–{level.high:.1f}  {level.decided:8}  {level.score:10.2f}  {level.calibrated:10.2f}"
        f"  {level.accepted:8.2f}"
        for level in report.levels
    ]
    text += ["", f"{'rule':{width}}  events  accepted  precision"]
    text += [f"{rule.rule:{width}}  {rule.decided:6}  {rule.accepted:8}  {rule.precision:9.2f}" for rule in shown]
    if len(report.rules) > len(shown):
        text.append(f"… and {len(report.rules) - len(shown)} rarer rules (--json lists them all)")
    return text
