"""Which IP addresses belong to the internet at large."""

from __future__ import annotations

import ipaddress

# Ranges whose addresses carry an IPv4 address inside, which could be a private one (RFC 6052, 3056, 4380).
_CARRIERS = tuple(ipaddress.ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the internet at large: no loopback, private, link-local or carrier range."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif any(found in carrier for carrier in _CARRIERS):
            return False
    return found.is_global and not found.is_multicast
