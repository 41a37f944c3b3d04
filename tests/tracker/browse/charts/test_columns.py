"""Columns over time: heights in proportion, the newest at the right, and marks that do not run into each other."""

from tracker.browse.charts.columns import FEWEST, LEFT, PLOT, RIGHT, TOP, WIDTH, columns


def rows(*numbers):
    return [(f"week {n}", f"{n} Nov", number, own) for n, (number, own) in enumerate(numbers)]


def test_without_rows_there_is_no_chart():
    assert columns([]) is None


def test_heights_are_in_proportion_and_one_s_own_part_stands_in_front():
    chart = columns(rows((10, 5), (20, 0), (5, 5)))
    assert [column.height for column in chart.columns] == [PLOT // 2, PLOT, round(PLOT / 4)]
    assert [column.own for column in chart.columns] == [round(PLOT / 4), 0, round(PLOT / 4)]
    assert all(column.y + column.height == chart.base for column in chart.columns)
    assert chart.grid == (TOP, 20)


def test_few_weeks_stand_at_the_right_and_many_fill_the_width():
    few, many = columns(rows((1, 0))), columns(rows(*[(1, 0)] * 26))
    assert few.columns[0].x > WIDTH - RIGHT - (WIDTH - LEFT - RIGHT) / FEWEST
    assert LEFT <= many.columns[0].x < many.columns[-1].x + many.columns[-1].width <= WIDTH - RIGHT


def test_marks_keep_their_distance():
    marks = [x for x, _mark in columns(rows(*[(1, 0)] * 26)).marks]
    assert len(marks) > 5
    assert all(later - earlier >= 60 for earlier, later in zip(marks, marks[1:], strict=False))
