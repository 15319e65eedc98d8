# Runs of one expression as CSV: from when to when the largest face of each frame keeps its expression.
#
#   fm-decode party.mp4 | fm-detect | fm-classify --no-pixels | jq -nrf runs.jq --argjson min 0.5
#
# start is the time of the first frame of a run, end that at which its last one ends (its time, if the stream does not
# say how long it is shown). --argjson min S leaves out runs shorter than S seconds. A frame without a face, or whose
# face has no expression, ends a run.

def rounded: . * 1000 | round | . / 1000;
def largest: if length > 0 then max_by(.box[2] * .box[3]) else null end;
def row: [.file, .expression, (.start | rounded), (.end | rounded), .frames, (.sum / .frames | rounded)];

($ARGS.named.min // 0) as $min
| (["file", "expression", "start", "end", "frames", "confidence"] | @csv),
  foreach (inputs, null) as $record ({inside: false};
    .done = null
    | if $record == null then .done = .run
      elif $record.type == "stream" then
        .inside = true | .source = $record.source | .run = null
        | .unit = ($record.video.time_base // [1, 1000000] | .[0] / .[1])
      elif $record.type == "frame" then
        ($record.faces // [] | largest) as $face | ($record.source // .source) as $file
        | ($record.time + ($record.duration // 0) * .unit) as $until
        | if .run and .run.file == $file and .run.expression == $face.expression then
            .run.frames += 1 | .run.end = $until | .run.sum += $face.confidence
          else
            .done = .run
            | .run = if $face.expression == null then null
              else {file: $file, expression: $face.expression, start: $record.time, end: $until, frames: 1,
                    sum: $face.confidence} end
          end
      elif $record.type == "end" then
        .inside = false | .is_bad = (.is_bad or $record.status != "ok") | .done = .run | .run = null
      else . end;
    (if .done then .done | select(.end - .start >= $min) | row | @csv else empty end),
    (if $record != null then empty
     elif .inside then "runs.jq: input cut short\n" | halt_error(1)
     elif .is_bad then "runs.jq: the stream ends with a failure\n" | halt_error(1)
     else empty end))
