#!/bin/bash
# The faces of many films, with GNU parallel:
#
#   parallel.sh LIST FOLDER [OPTION...]
#
# LIST has a film's name on each line, FOLDER gets the results, and the options are parallel's: --jobs 8, or
# --sshlogin a,b for other machines, which have the same tools, films and folders under the same names. After a crash the
# same command does the rest. FOLDER/failures.log says what failed, and FOLDER/chunks.log how long each part took.
set -u
steps=$(cd "$(dirname "$0")" && pwd)/steps.sh
list=$1 folder=$2
shift 2
mkdir -p "$folder"
# One part is as much work as a thread can do: more threads than parts at a time would only wait for each other.
export OMP_THREAD_LIMIT="${OMP_THREAD_LIMIT:-1}"
# What another machine does must not depend on which one it is.
options=(--quote --colsep '\t' --workdir "$PWD")
for name in PATH OMP_THREAD_LIMIT $(compgen -e FM_); do options+=(--env "$name"); done

parts=$("$steps" list "$list") || exit
parallel "${options[@]}" --joblog "$folder/chunks.log" "$@" "$steps" chunk {1} {2} {3} "$folder" <<<"$parts"
failed=$?
# A film of which a part is missing is refused by name; the others are finished.
cut -f 1,3 <<<"$parts" | uniq | parallel "${options[@]}" "$@" "$steps" whole {1} {2} "$folder" || failed=1
exit $((failed != 0))
