"""Install a hash-pinned lock with pip and show how far it is: `python scripts/install.py LOCK [pip options]`."""

import re
import subprocess
import sys

LOCK, OPTIONS = sys.argv[1], sys.argv[2:]
STEP = 10


def main() -> int:
    with open(LOCK) as lines:
        names = {match[1].lower() for line in lines if (match := re.match(r"([A-Za-z0-9._-]+)==", line))}
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--require-hashes", *OPTIONS]
    pip = subprocess.Popen([*command, "-r", LOCK], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said, fetched = [], 0
    for line in pip.stdout or ():
        said.append(line.rstrip())
        if line.startswith("Collecting "):
            fetched += 1
            if fetched % STEP == 0 or fetched == len(names):
                print(f"  {fetched} of {len(names)} packages fetched", flush=True)
        elif line.startswith("Installing collected"):
            print("  unpacking them ...", flush=True)
    if pip.wait() == 0:
        return 0
    print(*said[-8:], sep="\n", file=sys.stderr)
    print("medguild: the packages could not be installed. Is there a network, and room on the disk?", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
