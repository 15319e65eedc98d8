# What the packages are called and dated; read by the scripts beside it, from the top folder of the checkout.
#
# The version is that of Version.swift. The date is that of the version's heading in CHANGELOG.md; what is built before
# it has one carries the time of the last commit in its version (0.2.0~20261129.1030), which sorts before the release.

version=$(sed -n 's/^package let toolVersion = "\(.*\)"$/\1/p' Sources/FilterTool/Version.swift)
dated=$(sed -n "s/^## \[$version\] - \([0-9-]\{10\}\)\$/\1/p" CHANGELOG.md)
if test -z "${SOURCE_DATE_EPOCH:-}"; then
  if test -n "$dated"; then
    SOURCE_DATE_EPOCH=$(date --utc --date="$dated" +%s)
  else
    # Outside a git checkout, the day that the man pages carry.
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null ||
      date --utc --date="$(sed -n 's/^\.Dd //p' man/fm.7)" +%s)
  fi
fi
export SOURCE_DATE_EPOCH
test -n "$dated" || version+=$(date --utc --date="@$SOURCE_DATE_EPOCH" +~%Y%m%d.%H%M)

# plain PROGRAM...: without symbols, compilers' comments and what says where it was built: the same source gives the same
# bytes in any folder. By the toolchain's own program: GNU strip loses the segment that is read-only after relocation where a
# section before it goes.
plain() {
  local objcopy program
  objcopy=$(dirname "$(readlink -f "$(command -v swift)")")/llvm-objcopy
  for program in "$@"; do
    "$objcopy" --strip-all --remove-section=.comment --remove-section=.note --remove-section=.note.gnu.build-id \
      --remove-section=.swift_modhash "$program"
    readelf --segments --wide "$program" | grep --quiet GNU_RELRO
  done
}

# The system whose libraries the tools were linked with: deb12, ubuntu24.04.
system=$(. /etc/os-release && echo "${ID/#debian/deb}${VERSION_ID:-}" | tr --delete --complement 'a-z0-9.\n')
