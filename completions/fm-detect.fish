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
        __fm-detect_parse_subcommand 1 'c/cascade=+' 'nested=+' 'overlaps=' 'scale-factor=' 'min-neighbors=' 'min-size=' 'max-size=' 'region=' 'every=' 'threads=' 'o/output=' 'no-pixels' 'q/quiet' 'verbose' 'list' 'explain=' 'version' 'h/help'
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
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect"' -l 'cascade' -s 'c' -d 'A cascade file, or the name of one of OpenCV\'s (default: frontalface_alt). May be given several times.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect"' -l 'nested' -d 'A cascade for parts inside each face, such as eye: written as "parts" of the face. May be repeated.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" overlaps' -l 'overlaps' -d 'What becomes of faces that several cascades find at one place: merge (keep the surest) or keep (all).' -rfka 'keep merge'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" scale-factor' -l 'scale-factor' -d 'How much larger each size searched is than the one before.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" min-neighbors' -l 'min-neighbors' -d 'A face needs more than this many overlapping finds; 0: every find.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" min-size' -l 'min-size' -d 'Pass over smaller faces: pixels, or a percentage of the picture\'s height.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" max-size' -l 'max-size' -d 'Pass over larger faces: pixels, or a percentage of the picture\'s height; 0: no limit.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" region' -l 'region' -d 'Search only this part of the picture.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" every' -l 'every' -d 'Search every nth frame; those between keep its faces, marked "held".' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" threads' -l 'threads' -d 'Work with this many threads; 0 is one for each processor.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_positional "fm-detect" -eq 1' -F
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" o output' -l 'output' -s 'o' -d 'Write the stream there, whole or not at all; - is standard output.' -rF
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" no-pixels' -l 'no-pixels' -d 'Drop the payloads of frames and packets, so that the rest of the pipe is NDJSON (one JSON object a line).'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" verbose' -l 'verbose' -d 'Print more about what is done.'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" list' -l 'list' -d 'List the cascades found on this system, then end.'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" explain' -l 'explain' -d 'Print the sizes that are searched in a picture of this size and what they cost, then end.' -rfka ''
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" version' -l 'version' -d 'Show the version.'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_positional "fm-detect" -eq 2' -fa 'help' -d 'Show subcommand help information.'
complete -c 'fm-detect' -n '__fm-detect_should_offer_completions_for_flags_or_options "fm-detect help" version' -l 'version' -d 'Show the version.'
