"""What holds for every test: the same run everywhere, and nothing from the network.

Hypothesis draws the same examples in every run, without a time limit, so that a test fails by what the code does and
never by chance or by a slow machine. Connections are refused but to this machine's own addresses.
"""

import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("gongkai", derandomize=True, deadline=None, database=None)
settings.load_profile("gongkai")

SLOW = frozenset(
    """
    browser test_baseline test_build test_commands test_corrections test_durable test_extract_properties
    test_extract_settings test_fingerprint test_formats test_fuzz test_history test_hostile test_no_report test_pdfium
    test_read_html test_read_pdf_awkward test_read_scan test_readings test_reproducible test_reread test_sandbox
    test_site test_torture test_worker
    """.split()
)
"""Modules, and a folder, whose tests take long by scans, processes or many builds: ``make check`` leaves them out."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SLOW & {item.path.stem, item.path.parent.name}:
            item.add_marker(pytest.mark.slow)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate-golden", action="store_true", help="write the pages of tests/golden/ anew")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dates of packages come from what a test says, not from the shell that runs it."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Any:
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise AssertionError(f"a test wanted to connect to {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
