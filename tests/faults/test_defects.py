"""The list of seeded defects goes with the code, or `make mutations` shows nothing."""

import pytest

from tests.faults.defects import DEFECTS, Defect
from tests.faults.mutations import ROOT


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_has_its_place_and_its_test(defect: Defect) -> None:
    for edit in defect.edits:
        text = (ROOT / edit.file).read_text("utf-8")
        assert text.count(edit.old) == 1, edit.file
    assert (ROOT / "tests" / defect.test).is_file()
