"""Where a visitor comes from, and whether what they asked for failed: what rates and locks are counted by."""

from __future__ import annotations

import ipaddress

from flask import g

_ONE_HOST_IPV6 = 64  # bits of the prefix that one network at home or in an office gets (RFC 6177)


def network_of(address: str) -> str:
    """Return the IPv4 address, or the /64 of an IPv6 address; the text itself when it is no address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _ONE_HOST_IPV6), strict=False))


def count_as_failure() -> None:
    """Count the request that is answered now as one that failed: a wrong password, a number that does not exist."""
    g.counts_as_failure = True


def is_failure() -> bool:
    return bool(g.get("counts_as_failure"))
