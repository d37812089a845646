"""Is everything in place that the service needs? One finding for each thing, told in a sentence."""

from service.selfcheck.findings import Finding, Tone, worst
from service.selfcheck.run import self_check

__all__ = ["Finding", "Tone", "self_check", "worst"]
