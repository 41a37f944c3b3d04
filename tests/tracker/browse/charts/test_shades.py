"""Steps of shade cover every number once."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.browse.charts.shades import STEPS, shade, shades


@given(st.integers(1, 10**9))
def test_steps_follow_on_each_other_up_to_the_largest(largest):
    steps = shades(largest)
    assert 1 <= len(steps) <= STEPS
    assert steps[0][0] == 1
    assert steps[-1][1] == largest
    assert all(first <= last for first, last in steps)
    assert [first for first, _last in steps[1:]] == [last + 1 for _first, last in steps[:-1]]


@given(st.integers(1, 10**9), st.data())
def test_a_number_has_the_step_that_holds_it(largest, data):
    steps = shades(largest)
    number = data.draw(st.integers(1, largest))
    first, last = steps[shade(number, steps) - 1]
    assert first <= number <= last
    assert shade(0, steps) == 0
