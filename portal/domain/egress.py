"""Where a connection may go: only to addresses that belong to the open internet, told by lists of what does not."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# IANA's special-purpose registries (RFC 6890 and its heirs): what is not globally reachable, or leads elsewhere.
CLOSED_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by the customers of a provider (RFC 6598)
        "127.0.0.0/8",
        "169.254.0.0/16",  # where clouds keep their metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # the relay of 6to4 (RFC 7526)
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
OPEN_6 = IPv6Network("2000::/3")  # all that is given out; mapped, NAT64, local and multicast lie outside
CLOSED_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # Teredo, ORCHID, benchmarks and other protocols
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries any IPv4 address
        "2620:4f:8000::/48",
        "3fff::/20",
        "5f00::/16",
    )
)


def may_go_to(address: str) -> bool:
    """Say whether this IPv4 or IPv6 address, as the resolver gave it, belongs to the open internet."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return _open_4(found) if isinstance(found, IPv4Address) else _open_6(found)


def _open_4(address: IPv4Address) -> bool:
    return not any(address in network for network in CLOSED_4)


def _open_6(address: IPv6Address) -> bool:
    if address.scope_id or address not in OPEN_6:
        return False
    return not any(address in network for network in CLOSED_6)
