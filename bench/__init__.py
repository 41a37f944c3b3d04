"""What measures speed, memory and scale; never part of the tests."""
