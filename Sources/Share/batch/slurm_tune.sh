#!/bin/bash
# A search for hyper-parameters in several processes, as an array of Slurm's:
#
#   slurm_tune.sh MODEL.keras PROCESSES [OPTION...] -- FOLDER [OPTION...]
#
# On storage that all nodes share, MODEL.keras gets the best model, and MODEL.trials.ndjson the trials of all processes. The
# options before -- are sbatch's, such as --cpus-per-task=4 or --wait; what follows is for fm-train tune, such as
# --validation; --trials is the number of each process. After a crash the same command does the rest.
set -u

# A task, which Slurm runs from a copy of this file: a process with its own trials, or at last the choice among their models.
case ${1-} in
--process)
  stem=$2
  fm-train tune "$stem.$SLURM_ARRAY_TASK_ID.keras" "${@:3}" --records "$stem.trials.ndjson" \
    --trial-seed "$SLURM_ARRAY_TASK_ID"
  status=$?
  [[ $status != 75 || ${SLURM_RESTART_COUNT:-0} -ge 3 ]] || scontrol requeue "$SLURM_JOB_ID"
  exit $status
  ;;
--best)
  # A killed process may have left part of a line, which is not JSON.
  seed=$(jq -n -r -R '[inputs | fromjson? | select(.val_accuracy)] | sort_by(-.val_accuracy)[0].trial_seed // empty' \
    "$2.trials.ndjson") && [[ $seed ]] || exit
  cp -- "$2.$seed.keras" "$2.keras.part" && mv -- "$2.keras.part" "$2.keras"
  exit
  ;;
esac

stem=$(mkdir -p "$(dirname "$1")" && cd "$(dirname "$1")" && pwd)/$(basename "$1" .keras) processes=$2 options=()
shift 2
while (($# > 0)) && [[ $1 != -- ]]; do options+=("$1") && shift; done
submit() { sbatch --parsable --open-mode=append --output="$stem.slurm-%A.log" "${options[@]}" "$@"; }
job=$(submit --requeue --array="1-$processes" "$0" --process "$stem" "${@:2}")
status=$?
[[ $job ]] || exit
# Also after failures, whose status --wait gives: the others' trials are good.
submit --dependency="afterany:${job%%;*}" "$0" --best "$stem" && exit "$status"
