#!/bin/bash
# The steps of a batch, which the files beside this one run with GNU parallel, Slurm, Snakemake and Ray:
#
#   steps.sh count FILM                how many parts the film is divided into
#   steps.sh list LIST                 a line for each part of each film in the list: FILM, K and N, separated by tabs
#   steps.sh chunk FILM K N FOLDER     the faces in part K: FOLDER/FILM.K-of-N.ndjson
#   steps.sh whole FILM N FOLDER       the parts in one, and what looks at more than one frame: FOLDER/FILM.ndjson and .csv
# A step that has been done does nothing. One that fails adds the tools' messages to FOLDER/failures.log; if it may succeed
# later (status 75), it is tried FM_TRIES times. FM_CHUNK_BYTES is how long a part is, and FM_DECODE, FM_DETECT, FM_CLASSIFY
# and FM_TRACK are options of the tools.
set -u
: "${FM_CHUNK_BYTES:=100000000}" "${FM_TRIES:=3}" "${FM_DECODE:=}" "${FM_DETECT:=}" "${FM_CLASSIFY:=}" "${FM_TRACK:=}"

stem() { printf '%s/%s' "$1" "$(tr / _ <<<"$2")"; }
count() {
  local size && size=$(stat -L -c %s -- "$1") && echo $(((size + FM_CHUNK_BYTES - 1) / FM_CHUNK_BYTES + (size == 0)))
}

list() {
  local film same n k films && films=$(grep . "$1") || { echo "steps.sh: no films in the list $1" >&2; return 65; }
  same=$(tr / _ <<<"$films" | sort | uniq -d)
  [[ -z $same ]] || { echo "steps.sh: more than one film would have the results ${same//$'\n'/, }" >&2; return 65; }
  while IFS= read -r film; do
    n=$(count "$film" 2>/dev/null || echo 1) # One that is not there is one part, whose step says so.
    for ((k = 1; k <= n; k++)); do printf '%s\t%s\t%s\n' "$film" "$k" "$n"; done
  done <<<"$films"
}

chunk() {
  fm-decode --no-audio $FM_DECODE --chunk "$2/$3" -- "$1" 2>>"$log" | fm-detect $FM_DETECT 2>>"$log" |
    fm-classify $FM_CLASSIFY --no-pixels --skip-existing -o "$(stem "$4" "$1").$2-of-$3.ndjson" 2>>"$log"
  verdict "${PIPESTATUS[@]}"
}

whole() {
  local k parts=() stem && stem=$(stem "$3" "$1")
  for ((k = 1; k <= $2; k++)); do parts+=("$stem.$k-of-$2.ndjson"); done
  fm-stream merge "${parts[@]}" 2>>"$log" | fm-track $FM_TRACK --skip-existing -o "$stem.ndjson" 2>>"$log"
  verdict "${PIPESTATUS[@]}" && fm-export --skip-existing "$stem.ndjson" -o "$stem.csv" 2>>"$log"
}

# The last tool fails if one before it has; then the first failure counts, or the one to try again. 141 is a closed pipe.
verdict() {
  [[ ${*: -1} == 0 ]] && return
  [[ " $* " == *" 75 "* ]] && return 75
  for status in "$@"; do [[ $status == 0 || $status == 141 ]] || return "$status"; done
}

step=$1 && shift
[[ $step == chunk || $step == whole ]] || { "$step" "$@"; exit; }
log=$(mktemp) && trap 'rm -f "$log"' EXIT
for ((try = 1; ; try++)); do
  : >"$log" && "$step" "$@" && exit 0
  status=$?
  [[ $status == 75 && $try -lt $FM_TRIES ]] || break
  sleep $((2 ** try))
done
[[ -s $log ]] || echo "no message" >"$log"
sed "s|^|$(date +%FT%T) ${*//|/ }: status $status: |" "$log" >>"${*: -1}/failures.log"
exit "$status"
