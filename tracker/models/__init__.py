"""The rows that people decide: users, actors, materiel, claims and transfers, reviews, opinions, decisions, remarks."""

from tracker.models.actors import Actor, ActorName
from tracker.models.links import NotSame
from tracker.models.materiel import CategoryCrosswalk, Materiel, MaterielName
from tracker.models.opinions import Opinion
from tracker.models.remarks import Note, Report
from tracker.models.reviews import Calibration, Decision, ReviewItem
from tracker.models.seals import Seal
from tracker.models.summaries import (
    KeptCells,
    KeptLanguages,
    KeptMonths,
    KeptOutletMonths,
    KeptOutletPairs,
    KeptOutlets,
    KeptPairs,
    KeptQueue,
    KeptRecipients,
    KeptSuppliers,
    KeptTellers,
)
from tracker.models.transfers import Claim, Transfer
from tracker.models.users import SavedView, User, Visit

__all__ = [
    "Actor",
    "ActorName",
    "Calibration",
    "CategoryCrosswalk",
    "Claim",
    "Decision",
    "KeptCells",
    "KeptLanguages",
    "KeptMonths",
    "KeptOutletMonths",
    "KeptOutletPairs",
    "KeptOutlets",
    "KeptPairs",
    "KeptQueue",
    "KeptRecipients",
    "KeptSuppliers",
    "KeptTellers",
    "Materiel",
    "MaterielName",
    "NotSame",
    "Note",
    "Opinion",
    "Report",
    "ReviewItem",
    "SavedView",
    "Seal",
    "Transfer",
    "User",
    "Visit",
]
