"""Ports: whether one is free, and one that is."""

import ipaddress
import socket

from portal.launch.words import LaunchError


def can_listen(host: str, port: int) -> bool:
    """Say whether a server could listen there now."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise LaunchError(f"{host} is not an address of this machine.") from None
    with socket.socket(family, kind, protocol) as door:
        # As the servers do: an address still cooling down after a stop counts as free.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(address)
        except PermissionError:
            raise LaunchError(f"Port {port} may only be opened by the administrator; try --port 8000.") from None
        except OSError:
            return False
    return True


def any_free(host: str = "127.0.0.1") -> int:
    """Return a port that nobody listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.bind((host, 0))
        return int(door.getsockname()[1])


def wanted_or_free(host: str, port: int) -> int:
    """Return this port where it is free, else any free one."""
    return port if can_listen(host, port) else any_free(host)


def must_be_free(host: str, port: int) -> None:
    """Raise LaunchError with another port to try where this one is taken."""
    if not can_listen(host, port):
        near = next(
            (other for other in range(port + 1, min(port + 50, 65536)) if can_listen(host, other)), any_free(host)
        )
        raise LaunchError(f"Port {port} is taken by another program. Try: python3 -m portal run --port {near}")


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach a server there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address_of(host: str, port: int) -> str:
    """Return the address to open in a browser; localhost, because passkeys want a name."""
    try:
        everywhere = ipaddress.ip_address(host).is_unspecified
    except ValueError:
        everywhere = False
    if everywhere or is_loopback(host):
        return f"http://localhost:{port}"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
