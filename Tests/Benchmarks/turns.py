"""Measures programs in turns, and says what else the machine did meanwhile.

A turn is one measurement of each contestant, one after the other, the order reversed every other time. Before and after
each measurement comes a pause in which none of them works; what the processors do in it, others do: where that is more
than a tenth, or the host takes more than a fiftieth, the figure is marked as taken on a busy machine. Ratios are medians
over turns of the ratios within a turn, so that what falls on all contestants cancels out; the spread is the range of the
middle half.

Results are printed, and added to the JSON file that FM_BENCH names (report.py draws them).
"""
import contextlib
import json
import os
import statistics
import subprocess
import time

PAUSE = 0.15
BUSY, STOLEN = 0.1, 0.02
# Loads beside which everything is measured once more: busy loops, one for each processor.
LOOPS = []
LOADS = {"quiet": None, "niced": 10, "ordinary": 0}


def spent(process):
    """Jiffies of processor time that a process has had."""
    with open(f"/proc/{process.pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def machine():
    """Without our own loops': jiffies of all processors since the start: busy, stolen by the host, all; load; megahertz of each processor."""
    with open("/proc/stat") as file:
        fields = [int(field) for field in file.readline().split()[1:9]]
    with open("/proc/loadavg") as file:
        load = float(file.read().split()[0])
    with open("/proc/cpuinfo") as file:
        clocks = [float(line.split(":")[1]) for line in file if line.startswith("cpu MHz")]
    idle = fields[3] + fields[4]
    return {"busy": sum(fields) - idle - sum(map(spent, LOOPS)), "stolen": fields[7], "all": sum(fields), "load": load,
            "megahertz": round(statistics.mean(clocks)) if clocks else None}


def pause():
    """What others do while nobody here works: load, shares of the processors, clock."""
    before = machine()
    time.sleep(PAUSE)
    after = machine()
    elapsed = max(after["all"] - before["all"], 1)
    return {"load": after["load"], "megahertz": after["megahertz"],
            "busy": round(max(after["busy"] - before["busy"], 0) / elapsed, 3),
            "stolen": round((after["stolen"] - before["stolen"]) / elapsed, 3)}


@contextlib.contextmanager
def load(name):
    """Runs the busy loops of a load beside what is done in the block."""
    niceness = LOADS[name]
    if niceness is not None:
        LOOPS[:] = [subprocess.Popen(["nice", "-n", str(niceness), "sh", "-c", "while :; do :; done"])
                 for _ in range(os.cpu_count())]
    try:
        yield
    finally:
        for loop in LOOPS:
            loop.kill()
            loop.wait()
        LOOPS.clear()


def spread(values):
    """Median, and the middle half's ends."""
    ordered = sorted(values)
    return {"median": statistics.median(ordered), "low": ordered[len(ordered) // 4],
            "high": ordered[(3 * len(ordered)) // 4 if len(ordered) > 1 else 0]}


def compare(title, unit, contestants, rounds, loads=("quiet",), more_is_better=False, show=print):
    """Runs `contestants` (a name and a function that returns a figure) in turns beside each of `loads`. The first is the
    one whose ratio to the others is taken: how many times as fast, or how many times the cost where it is a cost.

    Returns the results, a dictionary for each load.
    """
    results = []
    names = list(contestants)
    for beside in loads:
        turns = []
        with load(beside):
            for number in range(rounds + 1):
                turn = {}
                for name in names if number % 2 else names[::-1]:
                    before = pause()
                    figure = contestants[name]()
                    turn[name] = {"figure": figure, "before": before, "after": pause()}
                # In the first, caches are cold and clocks low.
                if number:
                    turns.append(turn)
        results.append(summary(title, unit, names, turns, beside, more_is_better))
        show(text(results[-1]))
    keep(results)
    return results


def is_busy(measurement):
    """Whether others worked beside a measurement."""
    return any(at["stolen"] > STOLEN or at["busy"] > BUSY for at in (measurement["before"], measurement["after"]))


def summary(title, unit, names, turns, beside, more_is_better):
    first = names[0]
    figures = {name: spread([turn[name]["figure"] for turn in turns]) for name in names}
    ratios = {}
    for name in names[1:]:
        pairs = [(turn[first]["figure"], turn[name]["figure"]) for turn in turns]
        ratios[name] = spread([own / other if more_is_better else other / own for own, other in pairs])
    busy = sum(any(is_busy(turn[name]) for name in names) for turn in turns)
    return {"title": title, "unit": unit, "beside": beside, "figures": figures, "ratios": ratios,
            "busy_turns": busy, "rounds": len(turns), "turns": turns,
            "processors": os.cpu_count(), "time": time.strftime("%Y-%m-%d %H:%M")}


def text(result):
    """A result in a line, and one for what the machine did."""
    figures = ", ".join(f"{name} {at['median']:.4g} ({at['low']:.4g} to {at['high']:.4g})"
                        for name, at in result["figures"].items())
    ratios = ", ".join(f"{at['median']:.2f} ({at['low']:.2f} to {at['high']:.2f}) of {name}"
                       for name, at in result["ratios"].items())
    pauses = [at for turn in result["turns"] for each in turn.values() for at in (each["before"], each["after"])]
    clocks = [at["megahertz"] for at in pauses if at["megahertz"]]
    state = (f"load {min(at['load'] for at in pauses):.1f} to {max(at['load'] for at in pauses):.1f},"
             f" others {100 * statistics.mean(at['busy'] for at in pauses):.0f} %,"
             f" stolen {100 * max(at['stolen'] for at in pauses):.0f} % at most"
             + (f", {min(clocks)} to {max(clocks)} MHz" if clocks else ""))
    mark = f" BUSY MACHINE in {result['busy_turns']} of {result['rounds']} turns" if result["busy_turns"] else ""
    beside = "quiet" if result["beside"] == "quiet" else f"beside {result['beside']} busy loops"
    return f"{result['title']}, {beside}: {result['unit']}: {figures}; ratio {ratios}\n  [{state}]{mark}"


def keep(results):
    """Adds results to the report's file."""
    path = os.environ.get("FM_BENCH")
    if not path:
        return
    known = []
    if os.path.exists(path):
        with open(path) as file:
            known = json.load(file)
    with open(path + ".new", "w") as file:
        json.dump(known + results, file, indent=1)
    os.replace(path + ".new", path)
