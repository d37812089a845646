"""The EU validator, by its own policy and with nothing but the file, passes what we sealed to last (`make agree`)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from interop.validator import dss_verdicts
from support.lasting import Lasting, day, judged, root
from support.office import NOW, Office

RENEWALS = (2027, 2028, 2032, 2037)
# Who opens a file when, and which copies prove themselves then: until the authority of the newest stamp has ended.
HOLDS = {
    NOW + dt.timedelta(minutes=5): {"issued", "2027", "2028", "2032", "2037"},
    day(2028): {"issued", "2027", "2028", "2032", "2037"},
    day(2031): {"2027", "2028", "2032", "2037"},
    day(2036): {"2032", "2037"},
    day(2046): {"2037"},
}


def test_a_certificate_of_today_is_passed_in_twenty_years_by_the_eu_validator_and_by_us(
    libraries: Path, office: Office, tmp_path: Path
) -> None:
    lasting = Lasting(office=office)
    issued = lasting.issue()
    files = {"issued": issued.content}
    files |= {str(year): lasting.renew(issued.certificate.number, day(year)).content for year in RENEWALS}
    for at, holding in HOLDS.items():
        folder = tmp_path / str(at.year)
        folder.mkdir()
        verdicts = dss_verdicts(files, libraries, folder, anchor=root().der, moment=at, alone=True)
        theirs = {name for name, found in verdicts.items() if found["segel"][0] == "TOTAL_PASSED"}
        ours = {name for name, content in files.items() if judged(content, at).signatures[0].sub_indication is None}
        assert (theirs, ours) == (holding, holding), at
        assert {found["segel"][1] for found in verdicts.values()} == {"PAdES-BASELINE-LTA"}
