# A row for each second as CSV: how many frames and faces it has, and the mean score of each class over these faces.
#
#   fm-decode party.mp4 | fm-detect | fm-classify --no-pixels | jq -nrf per-second.jq >seconds.csv
#
# Seconds without a frame have no row; a second without a face has no means.

# Without -n, jq itself would read the first record.
def check_call:
  if . != null then reduce inputs as $rest (null; .) | "per-second.jq: jq needs its option -n: jq -nrf per-second.jq\n" | halt_error(64)
  else ($ARGS.named | keys - []) as $others
    | if $others == [] then . else "per-second.jq: unknown argument \($others[0])\n" | halt_error(64) end
  end;
def classes: [.history[]?.classes? // empty] | if length > 0 then last | split(",") else [] end;
def rounded: if . == null then null else . * 10000 | round | . / 10000 end;
def mean: map(numbers) | if length > 0 then add / length else null end;
def row($classes):
  . as $second
  | [.file, .second, .frames, (.faces | length)] + [$classes[] as $class | $second.faces | map(.[$class]) | mean | rounded];

check_call
| foreach (inputs, null) as $record ({inside: true};
  .done = null | .header = null
  | if $record == null then .done = .second
    elif $record.type == "stream" then
      .inside = true | .source = $record.source | .second = null
      | .was = .classes | .classes = ($record | classes)
      | if .was == null then .header = ["file", "second", "frames", "faces"] + .classes
        elif .was != .classes then error("this stream has other classes than the first")
        else . end
    elif $record.type == "frame" then
      ($record.source // .source) as $file | ($record.time | floor) as $time
      | (if .second == null or .second.second != $time or .second.file != $file then
           .done = .second | .second = {file: $file, second: $time, frames: 0, faces: []}
         else . end)
      | .second.frames += 1 | .second.faces += [$record.faces[]?.scores // empty]
    elif $record.type == "end" then
      .inside = false | .bad = (.bad // ($record.status | select(. != "ok") // null)) | .done = .second | .second = null
    else . end;
  .classes as $classes
  | (if .header then .header | @csv else empty end),
    (if .done then .done | row($classes) | @csv else empty end),
    (if $record != null then empty
     elif .inside then "per-second.jq: input cut short\n" | halt_error(1)
     elif .bad == "interrupted" then "per-second.jq: the stream was stopped by a signal and is complete up to there\n" | halt_error(1)
     elif .bad then "per-second.jq: the stream ends with a failure\n" | halt_error(1)
     else empty end))
