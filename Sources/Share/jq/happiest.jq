# The happiest seconds as CSV, the happiest first: those with the highest mean score of one class over all faces.
#
#   fm-decode party.mp4 | fm-detect | fm-classify --no-pixels | jq -nrf happiest.jq --argjson n 5
#   ... | jq -nrf happiest.jq --arg class surprise
#
# Without options: the 10 best seconds of the class "happy", or of "happiness" in streams that call it so.

# Without -n, jq itself would read the first record.
def check_call:
  if . != null then reduce inputs as $rest (null; .) | "happiest.jq: jq needs its option -n: jq -nrf happiest.jq\n" | halt_error(64)
  else ($ARGS.named | keys - ["n", "class"]) as $others
    | if $others == [] then . else "happiest.jq: unknown argument \($others[0])\n" | halt_error(64) end
  end;
def rounded: . * 10000 | round | . / 10000;

check_call
| ($ARGS.named.n // 10 | tonumber) as $n
| ($ARGS.named.class | if . then [.] else ["happy", "happiness"] end) as $names
| reduce inputs as $record ({inside: true, seconds: {}, order: []};
    if $record.type == "stream" then .inside = true | .source = $record.source
    elif $record.type == "end" then .inside = false | .bad = (.bad // ($record.status | select(. != "ok") // null))
    elif $record.type == "frame" then
      [$record.faces[]?.scores // empty] as $all
      | [$all[] | [.[$names[]] | numbers] | first // empty] as $scores
      | .classes = (.classes // ($all[0] // empty | keys_unsorted) // null)
      | if $scores == [] then .
        else
          ($record.source // .source) as $file | ($record.time | floor) as $time | ([$file, $time] | tojson) as $key
          | (if .seconds[$key] then . else .order += [$key] | .seconds[$key] = {file: $file, second: $time, sum: 0, faces: 0} end)
          | .seconds[$key].sum += ($scores | add) | .seconds[$key].faces += ($scores | length)
        end
    else . end)
| . as $state
| (["file", "second", "faces", "mean"],
   # Of equal seconds the earlier one is first: jq's sort keeps their order.
   ([$state.order[] as $key | $state.seconds[$key] | .mean = .sum / .faces] | sort_by(-.mean) | .[:$n][]
    | [.file, .second, .faces, (.mean | rounded)])
   | @csv),
  (if $state.seconds == {} and $state.classes and (($names - $state.classes) == $names) then
     "happiest.jq: the stream has no class \($names[0]); it has \($state.classes | join(", "))\n" | halt_error(1)
   elif $state.inside then "happiest.jq: input cut short\n" | halt_error(1)
   elif .bad == "interrupted" then "happiest.jq: the stream was stopped by a signal and is complete up to there\n" | halt_error(1)
   elif .bad then "happiest.jq: the stream ends with a failure\n" | halt_error(1)
   else empty end)
