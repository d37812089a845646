"""The BSrE Esign Client Service inside an agency's network: version 2, and version 1 where version 2 is not there.

It signs whole files with a key we never see, in a field of its own. Whoever calls it examines what comes back.
"""

from signing.signers.bsre.errors import GatewayRefused, GatewayUnreachable, OutcomeUnknown
from signing.signers.bsre.gateway import Gateway
from signing.signers.bsre.request import Place, Signatory, SignedFile, SignRequest, require_signatory
from signing.signers.bsre.secret import Secret
from signing.signers.bsre.status import UserStatus
from signing.signers.bsre.wire import Installation

__all__ = [
    "Gateway",
    "GatewayRefused",
    "GatewayUnreachable",
    "Installation",
    "OutcomeUnknown",
    "Place",
    "Secret",
    "SignRequest",
    "Signatory",
    "SignedFile",
    "UserStatus",
    "require_signatory",
]
