"""Let LibreOffice sign existing PDFs, through its own interface: sign_libreoffice.py NSS PROFILE JOBS.

JOBS: [{"file", "name"}], one signature after the other, each appended to the file; `name` is found in the subject of
the signer's certificate. To be run by the interpreter whose `uno` belongs to LibreOffice.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import uno

nss, profile, jobs = sys.argv[1:]
pipe = f"cmb{os.getpid()}"
soffice = subprocess.Popen(
    [
        *("soffice", "--headless", "--norestore", "--nologo", f"-env:UserInstallation={Path(profile).as_uri()}"),
        f"--accept=pipe,name={pipe};urp;",
    ],
    env=os.environ | {"MOZILLA_CERTIFICATE_FOLDER": f"sql:{nss}"},
)
try:
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    for _ in range(300):
        try:
            office = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            break
        except Exception:  # noqa: BLE001 - UNO's own kind of error: LibreOffice does not listen yet
            time.sleep(0.1)
    services = office.ServiceManager
    security = services.createInstanceWithContext("com.sun.star.xml.crypto.NSSInitializer", office)
    known = security.createSecurityContext("").getSecurityEnvironment().getPersonalCertificates()
    files = services.createInstanceWithContext("com.sun.star.ucb.SimpleFileAccess", office)
    for job in json.loads(Path(jobs).read_text(encoding="utf-8")):
        certificate = next(candidate for candidate in known if job["name"] in candidate.SubjectName)
        signing = services.createInstanceWithArgumentsAndContext(
            "com.sun.star.security.DocumentDigitalSignatures", ("1.2", True), office
        )
        stream = files.openFileReadWrite(Path(job["file"]).as_uri())
        if not signing.signDocumentWithCertificate(certificate, None, stream):
            sys.exit(f"LibreOffice did not sign {job['file']}")
        stream.getOutputStream().flush()
        stream.getInputStream().closeInput()
finally:
    soffice.terminate()
    soffice.wait()
