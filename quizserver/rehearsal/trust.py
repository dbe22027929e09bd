"""Whom a simulated phone takes for the server when that speaks TLS itself.

The panel's rehearsal dials this machine's own address, which is in no certificate.
So it is the certificate that is looked at, not its name: the server must show the very
one that its settings name, in its time.
"""

import ssl
from pathlib import Path

from quizserver.failures import Failure


def pinned(certificate: Path) -> ssl.SSLContext:
    """Return what trusts the first certificate of a PEM file, and no other.

    Raises:
        OSError, Failure: there is none.
    """
    text = certificate.read_text(encoding="ascii", errors="replace")
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    _, _, rest = text.partition(begin)
    body, found, _ = rest.partition(end)
    if not found:
        raise Failure("failure.no_certificate_in", file=str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    # The first is the server's own: what stands above it is not asked for.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=f"{begin}{body}{end}\n")
    return context
