#!/usr/bin/env python3
"""The faces of many films, with Ray:

    ray_batch.py LIST FOLDER

LIST has a film's name on each line, and FOLDER, on storage that all nodes share, gets the results. After a crash the same
command does the rest. FOLDER/failures.log says what failed. RAY_ADDRESS names a cluster; without it, this machine is one.
"""
import os
import subprocess
import sys

import ray

STEPS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "steps.sh")
HERE = os.getcwd()


class TryAgain(Exception):
    """A lost connection or a full disk: the same may succeed on another node, or later."""


@ray.remote(num_cpus=1, max_retries=3, retry_exceptions=[TryAgain])
def step(*arguments):
    environment = os.environ | {"OMP_THREAD_LIMIT": "1", "FM_TRIES": "1"}
    status = subprocess.run([STEPS, *arguments], env=environment, cwd=HERE, stdin=subprocess.DEVNULL).returncode
    if status == 75:
        raise TryAgain(" ".join(arguments))
    return status


def finish(tasks):
    """The statuses of tasks, 75 for one that was tried in vain."""
    statuses = []
    for task in tasks:
        try:
            statuses.append(ray.get(task))
        except (TryAgain, ray.exceptions.RayError):
            statuses.append(75)
    return statuses


def main():
    films, folder = sys.argv[1], os.path.abspath(sys.argv[2])
    os.makedirs(folder, exist_ok=True)
    parts = [line.split("\t") for line in subprocess.check_output([STEPS, "list", films], text=True).splitlines()]
    ray.init(log_to_driver=False)
    failed = any(finish([step.remote("chunk", *part, folder) for part in parts]))
    # A film of which a part is missing is refused by name; the others are finished.
    wholes = dict.fromkeys((film, n) for film, _, n in parts)
    failed |= any(finish([step.remote("whole", film, n, folder) for film, n in wholes]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
