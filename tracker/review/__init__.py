"""Decide and correct an event: the queue and the workbench."""
