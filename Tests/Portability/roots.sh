# Root folders of other Debian releases, and commands in them; read by the scripts beside it, in a git checkout.

top=$(git rev-parse --show-toplevel)

# fail MESSAGE: ends the script that reads this.
fail() {
  echo "$(basename "$0"): $1" >&2
  exit 1
}

# roots_are_possible: ends the script where no root can be made.
roots_are_possible() {
  test "$(id -u)" = 0 || fail 'a root for another Debian is made by root only'
  for program in debootstrap unshare chroot; do
    command -v $program >/dev/null || fail "$program is not installed"
  done
}

# make_root SUITE FOLDER LOG OPTION...: a new root of that release, by debootstrap with these options. DEBIAN_MIRROR is its
# mirror.
make_root() {
  local suite=$1 root=$2 log=$3
  shift 3
  rm -rf --one-file-system "$root"
  mkdir -p "$root" "$top/.debian/cache"
  debootstrap --variant=minbase --cache-dir="$top/.debian/cache" "$@" "$suite" "$root" ${DEBIAN_MIRROR:-} >"$log" 2>&1 || {
    tail -20 "$log" >&2
    fail "debootstrap failed; all of it is in $log"
  }
}

# in_root ROOT PATH FOLDER BOUND... -- COMMAND...: runs a command in FOLDER of a root. Each folder of BOUND is there
# too, read-only, under the same name or, written FOLDER=NAME, under another. What is mounted and started goes with the
# command.
in_root() {
  local root=$1 path=$2 folder=$3 bound=()
  shift 3
  while test "$1" != --; do
    bound+=("${1%%=*}" "${1#*=}")
    shift
  done
  shift
  cp --dereference /etc/resolv.conf "$root/etc/resolv.conf"
  unshare --mount --pid --fork --kill-child --propagation private bash -eu -c '
    root=$1 path=$2 folder=$3 pairs=$4
    shift 4
    for ((; pairs > 0; pairs--)); do
      mkdir -p "$root$2"
      mount --bind "$1" "$root$2"
      mount -o remount,ro,bind "$root$2"
      shift 2
    done
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    env -i PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin$path" HOME=/root TERM=dumb LANG=C.UTF-8 \
      ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
      chroot "$root" /bin/sh -c "cd \"\$0\" && exec \"\$@\"" "$folder" "$@"
  ' bash "$root" "$path" "$folder" $((${#bound[@]} / 2)) "${bound[@]}" "$@" </dev/null 2>&1
}
