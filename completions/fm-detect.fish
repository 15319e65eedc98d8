function __fm-detect_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-detect_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __fm-detect_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-detect_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __fm-detect_parse_tokens -S
    set -l unparsed_tokens (__fm-detect_tokens -pc)
    switch $unparsed_tokens[1]
    case 'fm-detect'
        __fm-detect_parse_subcommand 1 'm/model=' 'min-score=' 'nms=' 'max-side=' 'precision=' 'c/cascade=+' 'nested=+' 'overlaps=' 'scale-factor=' 'min-neighbors=' 'min-size=' 'max-size=' 'region=' 'every=' 'threads=' 'o/output=' 'no-pixels' 'skip-existing' 'q/quiet' 'verbose' 'list' 'explain=' 'describe' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'help'
            __fm-detect_parse_subcommand -r 1 'version'
        end
    end
end

function __fm-detect_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __fm-detect_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __fm-detect_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __fm-detect_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__fm-detect_tokens -p)
    if test -z "$(__fm-detect_tokens -t)"
        set -l index (count (__fm-detect_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'fm-detect' -f
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" m model' -l 'model' -s 'm' -d 'Search with this detection network instead of a cascade: an ONNX or Keras file, or the beginning of its name, such as yunet.' -rfka '(__fm-detect_custom_completion ---completion -- --model (count (__fm-detect_tokens -pc)) (__fm-detect_tokens -tC))'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" min-score' -l 'min-score' -d 'Keep a face only if the network\'s score is more than f, from 0 to 1 (default: 0.6).' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" nms' -l 'nms' -d 'Boxes of the network whose intersection over union is more than f are the same face (default: 0.3).' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" max-side' -l 'max-side' -d 'Show the network pictures of at most n pixels a side, larger ones reduced; 0 shows them as they are (default: 640).' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" precision' -l 'precision' -d 'Number format that the network computes in; auto is the fastest that was measured to find the same faces (default: auto).' -rfka 'auto f32 bf16 int8'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect"' -l 'cascade' -s 'c' -d 'Cascade file, or name of one of OpenCV\'s (default: frontalface_alt). May be repeated.' -rfka '(__fm-detect_custom_completion ---completion -- --cascade (count (__fm-detect_tokens -pc)) (__fm-detect_tokens -tC))'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect"' -l 'nested' -d 'Cascade for parts inside each face, such as eye, written as the face\'s "parts". May be repeated.' -rfka '(__fm-detect_custom_completion ---completion -- --nested (count (__fm-detect_tokens -pc)) (__fm-detect_tokens -tC))'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" overlaps' -l 'overlaps' -d 'Faces that several cascades find at the same position: merge (keep the one with the most neighbors) or keep (all).' -rfka 'keep merge'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" scale-factor' -l 'scale-factor' -d 'Scale step between successive search sizes; must be greater than 1.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" min-neighbors' -l 'min-neighbors' -d 'Keep a face only if more than n overlapping raw detections were merged into it (OpenCV\'s minNeighbors); 0 merges none.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" min-size' -l 'min-size' -d 'Ignore faces smaller than this: pixels, or a percentage of the picture\'s height, such as 80 or 10%.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" max-size' -l 'max-size' -d 'Ignore faces larger than this: pixels, or a percentage of the picture\'s height; 0 means no limit.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" region' -l 'region' -d 'Search only this part of the picture; boxes are still positions in the whole picture.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" every' -l 'every' -d 'Search only every nth frame; the frames in between get the same faces again, marked "held".' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" threads' -l 'threads' -d 'Number of threads; 0 means one per processor.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_positional "fm-detect" -eq 1' -F
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" o output' -l 'output' -s 'o' -d 'File to write the stream to, complete or not at all; - is standard output.' -rF
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" no-pixels' -l 'no-pixels' -d 'Drop frame and packet payloads; the rest of the pipe is then NDJSON (one JSON object per line).'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" skip-existing' -l 'skip-existing' -d 'Do nothing if the output files exist and are whole, without reading the input.'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" list' -l 'list' -d 'List the cascades found on this system, then exit.'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" explain' -l 'explain' -d 'Print the search sizes for a picture of this size and the number of windows of each, then exit.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" describe' -l 'describe' -d 'Print the network\'s head, input, outputs and number of parameters, then exit.'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" version' -l 'version' -d 'Show the version.'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_positional "fm-detect" -eq 2' -fa 'help' -d 'Show subcommand help information.'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect help" version' -l 'version' -d 'Show the version.'
