"""A certificate authority of our own, and scenes in which the outbound client meets a server."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import trustme

from tests.outbound.scene import Authority, Scene


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    ca = trustme.CA()
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    ca.cert_pem.write_to_path(file)
    return Authority(ca, str(file))


@pytest.fixture
def scene(authority: Authority) -> Iterator[Scene]:
    with ExitStack() as until_the_end:
        yield Scene(authority, until_the_end)
