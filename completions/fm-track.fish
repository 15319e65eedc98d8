function __fm-track_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-track_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __fm-track_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-track_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __fm-track_parse_tokens -S
    set -l unparsed_tokens (__fm-track_tokens -pc)
    switch $unparsed_tokens[1]
    case 'fm-track'
        __fm-track_parse_subcommand 1 'max-gap=' 'lag=' 'smoothing=' 'fill' 'no-fill' 'min-length=' 'steady' 'appearance' 'no-appearance' 'o/output=' 'no-pixels' 'skip-existing' 'q/quiet' 'verbose' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'help'
            __fm-track_parse_subcommand -r 1 'version'
        end
    end
end

function __fm-track_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __fm-track_parse_subcommand -S -a positional_count
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

function __fm-track_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __fm-track_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__fm-track_tokens -p)
    if test -z "$(__fm-track_tokens -t)"
        set -l index (count (__fm-track_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'fm-track' -f
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" max-gap' -l 'max-gap' -d 'Keep the number of a face that is missing for up to this many seconds.' -rfka ''
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" lag' -l 'lag' -d 'Look this many seconds ahead before a frame is written; inf is the whole stream (default: 1, for live streams 0).' -rfka ''
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" smoothing' -l 'smoothing' -d 'Smooth each person\'s labels: none, exponential (the past only) or viterbi.' -rfka 'none exponential viterbi'
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" fill' -l 'fill' -d 'Put faces in where the detector missed one between two sightings.'
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" no-fill' -l 'no-fill' -d 'Put faces in where the detector missed one between two sightings.'
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" min-length' -l 'min-length' -d 'Give no number to a face seen in fewer frames than this (default: 3, without looking ahead 2).' -rfka ''
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" steady' -l 'steady' -d 'Write each box without its jitter as "box_smoothed".'
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" appearance' -l 'appearance' -d 'Compare what faces look like, where there are pixels.'
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" no-appearance' -l 'no-appearance' -d 'Compare what faces look like, where there are pixels.'
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_positional "fm-track" -eq 1' -F
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" o output' -l 'output' -s 'o' -d 'File to write the stream to, complete or not at all; - is standard output.' -rF
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" no-pixels' -l 'no-pixels' -d 'Drop frame and packet payloads; the rest of the pipe is then NDJSON (one JSON object per line).'
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" skip-existing' -l 'skip-existing' -d 'Do nothing if the output files exist and are whole, without reading the input.'
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" version' -l 'version' -d 'Show the version.'
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_positional "fm-track" -eq 2' -fa 'help' -d 'Show subcommand help information.'
complete -c 'fm-track' -n '__fm-track_should_offer_completions_for_flags_or_options "fm-track help" version' -l 'version' -d 'Show the version.'
