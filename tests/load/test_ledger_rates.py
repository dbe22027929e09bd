"""The table of `journal_rates`, for `make ledgers`."""

import pytest
import uvloop

from tests.load.journal_rates import main


@pytest.mark.load
@pytest.mark.timeout(300)
def test_rates_of_every_ledger() -> None:
    uvloop.run(main(3))
