"""Runs commands in turn and says what they took. Needs Python 3.9 and nothing else."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE / ".build"
TRAFFIC = BUILD / "traffic"
HOPSCOPE = Path(os.environ.get("HOPSCOPE", HERE.parent / ".build/release/hopscope"))


class Run:
    """What one run took: wall and CPU time in s, largest resident set in MiB."""

    def __init__(self, wall, cpu, rss, output):
        self.wall, self.cpu, self.rss, self.output = wall, cpu, rss, output


def run(command, keep_output=False):
    """Runs a command to its end; the output is thrown away unless it is asked for."""
    start = time.monotonic()
    out = subprocess.PIPE if keep_output else subprocess.DEVNULL
    child = subprocess.Popen([str(part) for part in command], stdout=out, stderr=subprocess.DEVNULL)
    output = child.stdout.read() if keep_output else b""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"failed with {child.returncode}: {' '.join(map(str, command))}")
    return Run(time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def run_all(commands, keep_output=False):
    """Runs one command after another as if they were one."""
    runs = [run(command, keep_output) for command in commands]
    return Run(sum(r.wall for r in runs), sum(r.cpu for r in runs), max(r.rss for r in runs), b"".join(r.output for r in runs))


def median(values):
    return statistics.median(values)


def make_traffic(name, options):
    """Writes the captures of one path, unless the same were written before; says where they are."""
    TRAFFIC.mkdir(parents=True, exist_ok=True)
    stamp = TRAFFIC / f"{name}.options"
    wanted = " ".join(options)
    if not stamp.exists() or stamp.read_text() != wanted:
        stamp.unlink(missing_ok=True)
        print(f"writing {name}: traffic {wanted}", file=sys.stderr)
        run([BUILD / "traffic-generator", *options, "-o", TRAFFIC / name])
        stamp.write_text(wanted)
    return sorted(TRAFFIC.glob(f"{name}.point*"))


def remove_traffic(name):
    for path in TRAFFIC.glob(f"{name}.*"):
        path.unlink()


def load():
    return f"{os.getloadavg()[0]:.1f}"


def machine():
    """One line on what this runs on."""
    model = "unknown processor"
    if Path("/proc/cpuinfo").exists():
        names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
        model = names[0] if names else model
    return f"{os.cpu_count()} cores, {model}, {os.uname().sysname} {os.uname().release}"


def installed(tool):
    if shutil.which(tool):
        return True
    print(f"{tool} is not installed, so its row is missing", file=sys.stderr)
    return False
