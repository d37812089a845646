"""The BSrE Esign Client Service inside an agency's network: version 2, or version 1 where version 2 is missing.

It signs whole files with a key we never see, in a field of its own. Callers must inspect the file that comes back.
"""

from signing.keys.bsre.client import Gateway, UserStatus
from signing.keys.bsre.http import Installation
from signing.keys.bsre.request import (
    GatewayRefused,
    GatewayUnreachable,
    OutcomeUnknown,
    Secret,
    Signatory,
    SignedFile,
    SignRequest,
    StampPosition,
    require_signatory,
)

__all__ = [
    "Gateway",
    "GatewayRefused",
    "GatewayUnreachable",
    "Installation",
    "OutcomeUnknown",
    "Secret",
    "SignRequest",
    "Signatory",
    "SignedFile",
    "StampPosition",
    "UserStatus",
    "require_signatory",
]
