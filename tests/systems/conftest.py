"""What channels over TLS need, and no pause before a request is sent once more."""

import pytest
import trustme

from tests.systems.over_http import Tls
from xtnd_wizard.wizard import check_runner


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_runner, "_PAUSE_BEFORE_RETRY", 0)


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    """A certificate for the loopback, and the authority behind it."""
    folder, authority = tmp_path_factory.mktemp("tls"), trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(folder / "shop.pem")
    return Tls(str(folder / "shop.pem"), str(folder / "authority.pem"))
