#!/bin/bash
# The faces of many films, as an array of Slurm's:
#
#   slurm.sh LIST FOLDER [OPTION...]
#
# LIST has a film's name on each line, FOLDER, on storage that all nodes share, gets the results, and the options are
# sbatch's, such as --partition=short or --cpus-per-task=2: the tools use as many threads. A task that may succeed later
# (status 75) is queued again. After a crash the same command does the rest.
set -u
steps=$(cd "$(dirname "$0")" && pwd)/steps.sh

# A task, run by Slurm with this file's own name: its line of the list is done.
if [[ ${1-} == --task ]]; then
  IFS=$'\t' read -r film k n < <(sed -n "${SLURM_ARRAY_TASK_ID}p" "$3")
  if [[ $2 == chunk ]]; then "$steps" chunk "$film" "$k" "$n" "$4"; else "$steps" whole "$film" "$k" "$4"; fi
  status=$?
  [[ $status != 75 || ${SLURM_RESTART_COUNT:-0} -ge 3 ]] || scontrol requeue "$SLURM_JOB_ID"
  exit $status
fi

list=$1 folder=$(mkdir -p "$2" && cd "$2" && pwd)
shift 2
"$steps" list "$list" >"$folder/chunks" || exit
cut -f 1,3 "$folder/chunks" | uniq >"$folder/wholes"
submit() {
  sbatch --parsable --requeue --open-mode=append --output="$folder/slurm-%A.log" "${@:3}" \
    --array="1-$(wc -l <"$folder/$1")" "$0" --task "$2" "$folder/$1" "$folder"
}
job=$(submit chunks chunk "$@") || exit
# Also after failures: a film of which a part is missing is refused by name, the others are finished.
submit wholes whole --dependency="afterany:$job" "$@"
