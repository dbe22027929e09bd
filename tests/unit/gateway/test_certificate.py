"""A certificate that is of no use stops the start with one sentence."""

import subprocess
from pathlib import Path

import pytest

from quizserver.failures import Failure
from quizserver.gateway.certificate import check_certificate


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-batch")
    files = ("-keyout", str(key), "-out", str(certificate), "-days", "2")
    subprocess.run([*made, *files], check=True, capture_output=True)
    return certificate, key


def test_a_certificate_with_its_key_passes(pair: tuple[Path, Path]) -> None:
    certificate, key = pair
    check_certificate(certificate, key)


def test_both_may_be_in_one_file(pair: tuple[Path, Path], tmp_path: Path) -> None:
    whole = tmp_path / "whole.pem"
    whole.write_bytes(b"".join(file.read_bytes() for file in pair))
    check_certificate(whole, None)


def test_what_is_missing_or_no_certificate_is_refused(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("no certificate")
    for certificate, key in (
        (tmp_path / "none.pem", pair[1]),
        (nonsense, pair[1]),
        (pair[0], None),
    ):
        with pytest.raises(Failure, match="QUIZ_TLS_CERTIFICATE"):
            check_certificate(certificate, key)
