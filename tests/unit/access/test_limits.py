"""A bucket lets a minute's worth through at once and then as much as runs in."""

from __future__ import annotations

from medguild.foundation.access.limits import Bucket


def test_a_bucket_empties_and_fills_again() -> None:
    moment = [0.0]
    bucket = Bucket(60, clock=lambda: moment[0])
    assert [bucket.take("a") for _ in range(60)] == [0] * 60
    assert bucket.take("a") == 1
    assert bucket.take("b") == 0, "another caller has a bucket of its own"
    moment[0] = 1.0
    assert bucket.take("a") == 0
    assert bucket.take("a") == 1


def test_a_slow_bucket_says_how_long_to_wait() -> None:
    bucket = Bucket(2, clock=lambda: 0.0)
    assert [bucket.take("a"), bucket.take("a")] == [0, 0]
    assert bucket.take("a") == 30
