"""Invented data in the quantity that the budgets name: the same rows for the same seed, in a database of their own.

`invented.py` makes the world and its articles and knows no database; `load.py` writes them by COPY.
"""
