"""What the tests of the sources share."""

from collections.abc import Iterator

import pytest

from tests.architecture import source_trees


@pytest.fixture(scope="package", autouse=True)
def trees_for_a_while() -> Iterator[None]:
    """Forget the trees at the end: a million nodes would slow every search for garbage."""
    yield
    source_trees.nodes.cache_clear()
    source_trees.tree_of.cache_clear()
