# Runs of one expression as CSV: from when to when the largest face of each frame keeps its expression, or any face
# shows a given one.
#
#   fm-decode party.mp4 | fm-detect | fm-classify --no-pixels | jq -nrf runs.jq --argjson min 0.5
#   ... | jq -nrf runs.jq --arg class happy --argjson gap 0.5
#
# start is the time of the first frame of a run, end that at which its last one ends (its time, if the stream does not
# say how long it is shown). A frame without a face, or whose face has no expression, ends a run.
#
# --argjson min S    leaves out runs shorter than S seconds
# --argjson gap S    a run continues after frames without an expression that take at most S seconds
# --arg class NAME   runs of frames in which any face has this expression; confidence is the highest of these faces

# Without -n, jq itself would read the first record.
def check_call:
  if . != null then reduce inputs as $rest (null; .) | "runs.jq: jq needs its option -n: jq -nrf runs.jq\n" | halt_error(64)
  else ($ARGS.named | keys - ["min", "gap", "class"]) as $others
    | if $others == [] then . else "runs.jq: unknown argument \($others[0])\n" | halt_error(64) end
  end;
def rounded: . * 1000 | round | . / 1000;
def shown($class):
  if $class then map(select(.expression == $class)) | max_by(.confidence) else max_by(.box[2] * .box[3]) end;
def row: [.file, .expression, (.start | rounded), (.end | rounded), .frames, (.sum / .frames | rounded)];

check_call
| ($ARGS.named.min // 0 | tonumber) as $min | ($ARGS.named.gap // 0 | tonumber) as $gap | $ARGS.named.class as $class
| (["file", "expression", "start", "end", "frames", "confidence"] | @csv),
  foreach (inputs, null) as $record ({inside: true};
    .done = null
    | if $record == null then .done = .run
      elif $record.type == "stream" then
        .inside = true | .source = $record.source | .run = null
        | .unit = ($record.video.time_base // [1, 1000000] | .[0] / .[1])
      elif $record.type == "frame" then
        ($record.faces // [] | shown($class)) as $face | ($record.source // .source) as $file
        | ($record.time + ($record.duration // 0) * .unit) as $until
        | .classes = (.classes // ([$record.faces[]?.scores // empty] | first | if . then keys_unsorted else null end))
        | (.run and .run.file == $file and $record.time - .run.end <= $gap + 1e-9) as $is_near
        | if .run and .run.file == $file and .run.expression == $face.expression and (.run.is_broken | not or $is_near) then
            .run.is_broken = false | .run.frames += 1 | .run.end = $until | .run.sum += $face.confidence
          elif $is_near and $face.expression == null and $gap > 0 then .run.is_broken = true
          else
            .done = .run
            | .run = if $face.expression == null then null
              else {file: $file, expression: $face.expression, start: $record.time, end: $until, frames: 1,
                    sum: $face.confidence} end
          end
      elif $record.type == "end" then
        .inside = false | .bad = (.bad // ($record.status | select(. != "ok") // null)) | .done = .run | .run = null
      else . end;
    (if .done then .done | select(.end - .start >= $min) | row | @csv else empty end),
    (if $record != null then empty
     elif $class and .classes and (.classes | index([$class]) | not) then
       "runs.jq: the stream has no class \($class); it has \(.classes | join(", "))\n" | halt_error(1)
     elif .inside then "runs.jq: input cut short\n" | halt_error(1)
     elif .bad == "interrupted" then "runs.jq: the stream was stopped by a signal and is complete up to there\n" | halt_error(1)
     elif .bad then "runs.jq: the stream ends with a failure\n" | halt_error(1)
     else empty end))
