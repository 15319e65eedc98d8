function __fm-decode_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-decode_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __fm-decode_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-decode_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __fm-decode_parse_tokens -S
    set -l unparsed_tokens (__fm-decode_tokens -pc)
    switch $unparsed_tokens[1]
    case 'fm-decode'
        __fm-decode_parse_subcommand -r 1 'o/output=' 'f/format=' 'input-option=+' 'start=' 'duration=' 'size=' 'pixel-format=' 'stream=' 'deinterlace=' 'max-pixels=' 'no-audio' 'strict' 'reconnect=' 'allow-protocols=' 'threads=' 'frames=' 'every=' 'realtime' 'q/quiet' 'verbose' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'help'
            __fm-decode_parse_subcommand -r 1 'version'
        end
    end
end

function __fm-decode_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __fm-decode_parse_subcommand -S -a positional_count
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

function __fm-decode_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __fm-decode_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__fm-decode_tokens -p)
    if test -z "$(__fm-decode_tokens -t)"
        set -l index (count (__fm-decode_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'fm-decode' -f
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_positional "fm-decode" -ge 1' -F
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" o output' -l 'output' -s 'o' -d 'Write the stream there, whole or not at all; - is standard output.' -rF
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" f format' -l 'format' -s 'f' -d 'A libavformat or libavdevice input, such as v4l2, lavfi or rawvideo.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode"' -l 'input-option' -d 'An option of the format or device, such as framerate=30. May be repeated.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" start' -l 'start' -d 'Begin this far into the input: seconds, or h:m:s.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" duration' -l 'duration' -d 'End this long after the beginning: seconds, or h:m:s.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" size' -l 'size' -d 'Scale the pictures to this size.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" pixel-format' -l 'pixel-format' -d 'Convert the pictures to this pixel format.' -rfka 'gray yuv420p yuv422p yuv444p nv12 rgb24 yuv420p10le'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" stream' -l 'stream' -d 'Take the video stream with this index, as ffprobe numbers them.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" deinterlace' -l 'deinterlace' -d 'Make whole pictures of interlaced ones: auto (those marked as such), off, or on (all).' -rfka 'auto off on'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" max-pixels' -l 'max-pixels' -d 'Refuse pictures of more pixels than this, such as 40M.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" no-audio' -l 'no-audio' -d 'Leave out sound and subtitles.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" strict' -l 'strict' -d 'Stop at the first damaged packet or unreadable picture instead of going on.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" reconnect' -l 'reconnect' -d 'Open a lost or unreachable URL or device again, trying so many times in a row before giving up.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" allow-protocols' -l 'allow-protocols' -d 'What inputs may open by themselves, such as file,http,tcp (default: local files nothing, URLs what FFmpeg allows their protocol).' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" threads' -l 'threads' -d 'Work with this many threads; 0 is one for each processor.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" frames' -l 'frames' -d 'End after this many frames.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" every' -l 'every' -d 'Write every nth frame only; "seq" tells which they are.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" realtime' -l 'realtime' -d 'Give frames out at the pace of their times, and drop those that come late because the tools after this one are slower; how many is said in the end record.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" verbose' -l 'verbose' -d 'Print more about what is done.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" version' -l 'version' -d 'Show the version.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_positional "fm-decode" -eq 2' -fa 'help' -d 'Show subcommand help information.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode help" version' -l 'version' -d 'Show the version.'
