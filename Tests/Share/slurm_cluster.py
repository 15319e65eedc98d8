"""A Slurm of one node for tests, with nothing outside its folder: munged, slurmctld and slurmd of this user."""

import getpass
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scontrol", "sinfo", "squeue")
SEARCHED = os.environ["PATH"] + ":/usr/sbin:/sbin"
MISSING = [name for name in PROGRAMS if not shutil.which(name, path=SEARCHED)]


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class SlurmCluster:
    """Starts it; `variables` is the environment in which sbatch finds it.

    It needs root, because slurmd starts tasks as the user who submits them; it needs no control groups. It believes that
    the node has as many processors as it is told, and its arrays have at most four tasks.
    """

    def __init__(self, folder, processors=4):
        self.folder = pathlib.Path(folder)
        self.processes = []
        for name in ("state", "spool", "munge"):
            (self.folder / name).mkdir(mode=0o755)
        controller, node = free_ports(2)
        socket_path = self.folder / "munge" / "socket"
        configuration = self.folder / "slurm.conf"
        configuration.write_text(f"""\
ClusterName=test
SlurmctldHost=localhost(127.0.0.1)
SlurmUser={getpass.getuser()}
SlurmdUser={getpass.getuser()}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={socket_path}
SlurmctldPort={controller}
SlurmdPort={node}
StateSaveLocation={self.folder}/state
SlurmdSpoolDir={self.folder}/spool
SlurmctldPidFile={self.folder}/slurmctld.pid
SlurmdPidFile={self.folder}/slurmd.pid
SlurmctldLogFile={self.folder}/slurmctld.log
SlurmdLogFile={self.folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerParameters=batch_sched_delay=0,sched_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
MaxArraySize=5
NodeName=localhost NodeHostname={socket.gethostname().split(".")[0]} NodeAddr=127.0.0.1 CPUs={processors} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
""")
        self.variables = {"SLURM_CONF": str(configuration)}
        key = self.folder / "munge" / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        munge = self.folder / "munge"
        try:
            self._start("munged", "--foreground", "--force", f"--socket={socket_path}", f"--key-file={key}",
                        f"--log-file={munge}/log", f"--pid-file={munge}/pid", f"--seed-file={munge}/seed")
            self._wait_for(socket_path.exists)
            self._start("slurmctld", "-D", "-c")
            self._start("slurmd", "-D", "-N", "localhost")
            self._wait_for(lambda: self._run("sinfo", "--noheader", "--format=%T").stdout.strip() == "idle")
        except BaseException:
            self.close()
            raise

    @staticmethod
    def until_done(*command):
        """The command, which then waits until the queue is empty; sbatch's own --wait looks after 2, 10 and 42 seconds."""
        return ["bash", "-c", '"$@" || exit; while [[ $(squeue --noheader) ]]; do sleep 0.1; done', "-", *command]

    def _run(self, *command):
        return subprocess.run(command, env=os.environ | self.variables, capture_output=True, text=True)

    def _start(self, name, *arguments):
        self.processes.append(subprocess.Popen(
            [shutil.which(name, path=SEARCHED), *arguments], env=os.environ | self.variables,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def _wait_for(self, condition):
        end = time.monotonic() + 60
        while not condition():
            ended = [process.args[0] for process in self.processes if process.poll() is not None]
            if ended or time.monotonic() > end:
                logs = [path.read_text()[-2000:] for path in sorted(self.folder.glob("*.log"))]
                raise RuntimeError(f"Slurm does not start; ended: {ended}; {logs}")
            time.sleep(0.05)

    def close(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in reversed(self.processes):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
