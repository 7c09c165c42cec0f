"""Ports and addresses that cannot be served are told before anything is begun."""

import errno
import signal
import socket
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator

import pytest
from django.core.management.base import CommandError

from medguild.config import processes


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def signals() -> Iterator[None]:
    """Running processes together takes the signals over."""
    kept = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for name, handler in kept.items():
        signal.signal(name, handler)


def test_links_in_messages_lead_to_where_we_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MEDGUILD_ADDRESS", raising=False)
    assert processes.public_address("127.0.0.1", 8765) == {"MEDGUILD_ADDRESS": "http://127.0.0.1:8765"}
    assert processes.public_address("0.0.0.0", 80) == {"MEDGUILD_ADDRESS": "http://127.0.0.1:80"}
    monkeypatch.setenv("MEDGUILD_ADDRESS", "https://clinic.example")
    assert processes.public_address("127.0.0.1", 8765) == {"MEDGUILD_ADDRESS": "https://clinic.example"}


@pytest.mark.parametrize("text", ["abc", "0", "-1", "65536", "80 ", "", "8e3"])
def test_what_is_no_port(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="a port is a number"):
        processes.port_number(text)


def test_what_is_a_port() -> None:
    assert [processes.port_number(text) for text in ("1", "8000", "65535")] == [1, 8000, 65535]


def test_a_taken_port_is_told(taken: int) -> None:
    with pytest.raises(CommandError, match=f"port {taken} is taken") as told:
        processes.check_address("127.0.0.1", taken)
    assert told.value.returncode == 2
    assert processes.answers("127.0.0.1", taken)
    assert processes.answers("0.0.0.0", taken)


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(CommandError, match="not an address of this machine"):
        processes.check_address("198.51.100.1", 8000)


def test_a_port_of_root_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, address: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(CommandError, match="kept for root"):
        processes.check_address("127.0.0.1", 80)


def test_a_free_port_passes_and_nobody_answers(taken: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    processes.check_address("127.0.0.1", free)
    assert not processes.answers("127.0.0.1", free)


@pytest.mark.usefixtures("signals")
def test_when_one_process_ends_the_others_are_stopped() -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    told: list[str] = []
    code = processes.run_together(
        [[sys.executable, "-c", "import time, sys; time.sleep(1); sys.exit(3)"], sleeper],
        ready=lambda: True,
        when_ready=lambda: told.append("ready"),
    )
    assert code == 3
    assert told == ["ready"]


@pytest.mark.usefixtures("signals")
def test_being_told_to_stop_is_no_failure() -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    code = processes.run_together([sleeper], ready=lambda: True, when_ready=lambda: signal.raise_signal(signal.SIGTERM))
    assert code == 0
