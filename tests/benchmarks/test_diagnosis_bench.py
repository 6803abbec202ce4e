"""The interval of the diagnosis bench: jobs of one type are one piece."""

import pytest

from benchmarks.diagnosis.sending import mean_and_low


def test_the_interval_counts_each_group_as_one_piece():
    values = [1.0, 1.0, 1.0, -1.0, 3.0, 1.0]
    alone = mean_and_low(values, "abcdef")
    together = mean_and_low(values, "aaabcd")
    assert alone[0] == together[0] == pytest.approx(1.0)
    assert alone[1] == pytest.approx(1.0 - 1.6448536 * (8.0 / 5.0 / 6.0) ** 0.5)
    twice = mean_and_low([*values, *values], "abcdefabcdef")
    assert twice[1] == pytest.approx(alone[1])
    assert together[1] <= 1.0
