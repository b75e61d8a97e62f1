import pytest

from tests.validation.vectors import Vector, every_vector, vectors


def test_a_vector_is_near_within_its_own_tolerance():
    vector = Vector("v", "t", "m", {}, {"n": 10}, 0.5, "nowhere")
    assert vector.near(10.5, "n")
    assert not vector.near(10.6, "n")
    assert vector.near(10.6, "n", tolerance=1)


@pytest.mark.shared
@pytest.mark.skipif(not every_vector(), reason="no shared folder")
def test_a_topic_that_nobody_published_is_noticed():
    with pytest.raises(AssertionError, match="no vector"):
        vectors("astrology")
