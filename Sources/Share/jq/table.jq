# A table as CSV: a header, then one row for each face of each frame, with its file, its time and all its scores.
#
#   fm-decode party.mp4 | fm-detect | fm-classify --no-pixels | jq -nrf table.jq >party.csv
#
# The columns of the scores are the classes that fm-classify wrote into the stream record. Several streams may follow
# each other if their classes are the same.

# Without -n, jq itself would read the first record.
def check_call:
  if . != null then reduce inputs as $rest (null; .) | "table.jq: jq needs its option -n: jq -nrf table.jq\n" | halt_error(64)
  else ($ARGS.named | keys - []) as $others
    | if $others == [] then . else "table.jq: unknown argument \($others[0])\n" | halt_error(64) end
  end;
def classes: [.history[]?.classes? // empty] | if length > 0 then last | split(",") else [] end;
# 0.50 and 0.5 are printed alike by all versions of jq.
def plain: if type == "number" then . + 0 else . end;
def columns: ["file", "frame", "time", "face", "x", "y", "width", "height", "neighbors", "expression", "confidence"];

check_call
| foreach (inputs, null) as $record ({inside: true};
  if $record == null then .
  elif $record.type == "stream" then
    .inside = true | .source = $record.source
    | .is_first = (.classes == null) | .was = .classes | .classes = ($record | classes)
    | if .is_first or .was == .classes then . else error("this stream has other classes than the first") end
  elif $record.type == "end" then .inside = false | .bad = (.bad // ($record.status | select(. != "ok") // null))
  else . end;
  . as $state
  | if $record == null then
      if .inside then "table.jq: input cut short\n" | halt_error(1)
      elif .bad == "interrupted" then "table.jq: the stream was stopped by a signal and is complete up to there\n" | halt_error(1)
      elif .bad then "table.jq: the stream ends with a failure\n" | halt_error(1)
      else empty end
    elif $record.type == "stream" and .is_first then columns + .classes | @csv
    elif $record.type == "frame" then
      ($record.faces // []) as $faces | range($faces | length) as $index | $faces[$index] as $face
      | [$record.source // $state.source, $record.seq, $record.time, $index] + $face.box
        + [$face.neighbors, $face.expression, $face.confidence] + [$state.classes[] as $class | $face.scores[$class]]
      | map(plain) | @csv
    else empty end)
