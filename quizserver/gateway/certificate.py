"""The certificate of a server that speaks TLS itself, looked at before it starts."""

import ssl
from pathlib import Path

from quizserver.failures import Failure, cause_of


def check_certificate(certificate: Path, key: Path | None) -> None:
    """Pass if TLS can be spoken with it. Raises Failure."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except OSError as error:
        raise Failure(
            "failure.certificate", file=str(certificate), cause=cause_of(error)
        ) from None
