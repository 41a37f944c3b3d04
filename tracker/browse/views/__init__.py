"""The views of browse: parse, permit, call, render."""
