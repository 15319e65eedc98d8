#!/bin/bash
# The faces of many films, as arrays of Slurm's:
#
#   slurm.sh LIST FOLDER [OPTION...]
#
# LIST has a film's name on each line, FOLDER, on storage that all nodes share, gets the results, and the options are
# sbatch's, such as --partition=short, --cpus-per-task=2 (the tools use as many threads) or --wait (it ends when all is
# done, and its status says how). A task that may succeed later (status 75) is queued again. After a crash the same command
# does the rest. FOLDER/failures.log says what failed, and FOLDER/slurm-JOB.log what Slurm says of it.
set -u

# A task, which Slurm runs from a copy of this file: a step for each line of the list that is its own.
if [[ ${1-} == --task ]]; then
  steps=$2 step=$3 list=$4 tasks=$5 folder=$6 status=0
  while IFS=$'\t' read -r -u 3 -a words; do
    "$steps" "$step" "${words[@]}" "$folder" </dev/null
    case $? in 0) ;; 75) status=75 ;; *) [[ $status == 75 ]] || status=1 ;; esac
  done 3< <(sed -n "$SLURM_ARRAY_TASK_ID~${tasks}p" "$list")
  [[ $status != 75 || ${SLURM_RESTART_COUNT:-0} -ge 3 ]] || scontrol requeue "$SLURM_JOB_ID"
  exit $status
fi

steps=$(cd "$(dirname "$0")" && pwd)/steps.sh
list=$1 folder=$(mkdir -p "$2" && cd "$2" && pwd) || exit
shift 2
"$steps" list "$list" >"$folder/chunks" || exit
cut -f 1,3 "$folder/chunks" | uniq >"$folder/wholes"
# Slurm's arrays have a limit, often 1001.
limit=$(scontrol show config | awk '$1 == "MaxArraySize" { print $3 - 1 }')
submit() {
  local tasks
  tasks=$(wc -l <"$folder/$1") && ((tasks = tasks < limit ? tasks : limit))
  sbatch --parsable --requeue --open-mode=append --output="$folder/slurm-%A.log" --cpus-per-task=1 "${@:3}" \
    --array="1-$tasks" "$0" --task "$steps" "$2" "$folder/$1" "$tasks" "$folder"
}
job=$(submit chunks chunk "$@")
[[ $job ]] || exit 1
# Also after failures: a film of which a part is missing is refused by name, the others are finished.
submit wholes whole --dependency="afterany:${job%%;*}" "$@"
