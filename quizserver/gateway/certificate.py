"""The certificate of a server that speaks TLS itself, looked at before it starts."""

import ssl
from pathlib import Path

from quizserver.failures import Failure


def check_certificate(certificate: Path, key: Path | None) -> None:
    """Pass if TLS can be spoken with it. Raises Failure."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except OSError as error:
        raise Failure(
            f"cannot use the certificate {certificate} ({error.strerror or error}); "
            "QUIZ_TLS_CERTIFICATE names a PEM file with the whole chain, and "
            "QUIZ_TLS_KEY the file of its private key"
        ) from None
