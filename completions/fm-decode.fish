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
        __fm-decode_parse_subcommand -r 1 'o/output=' 'skip-existing' 'f/format=' 'input-option=+' 'start=' 'duration=' 'size=' 'square' 'pixel-format=' 'stream=' 'deinterlace=' 'max-pixels=' 'no-audio' 'strict' 'reconnect=' 'allow-protocols=' 'threads=' 'frames=' 'every=' 'realtime' 'label=' 'chunk=' 'global-seq' 'count=' 'q/quiet' 'verbose' 'version' 'h/help'
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
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" o output' -l 'output' -s 'o' -d 'File to write the stream to, complete or not at all; - is standard output.' -rF
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" skip-existing' -l 'skip-existing' -d 'Do nothing if the output files exist and are whole, without reading the input.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" f format' -l 'format' -s 'f' -d 'Input format or device, as FFmpeg names it, such as v4l2, lavfi or rawvideo (default: detected).' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode"' -l 'input-option' -d 'Option of the format or device, as FFmpeg names it, such as framerate=30. May be repeated.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" start' -l 'start' -d 'Start at this position: seconds, m:s or h:m:s; 75 and 1:15 are the same.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" duration' -l 'duration' -d 'Stop this long after the start: seconds, m:s or h:m:s.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" size' -l 'size' -d 'Scale pictures to this width and height in pixels, such as 640x360.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" square' -l 'square' -d 'Scale pictures to square pixels if theirs are not: the side that is too short grows.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" pixel-format' -l 'pixel-format' -d 'Convert pictures to this pixel format.' -rfka 'gray yuv420p yuv422p yuv444p nv12 rgb24 yuv420p10le'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" stream' -l 'stream' -d 'Index of the video stream to decode, as ffprobe numbers them (default: the main one).' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" deinterlace' -l 'deinterlace' -d 'Deinterlace pictures: auto (those marked as interlaced), on (all) or off.' -rfka 'auto off on'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" max-pixels' -l 'max-pixels' -d 'Refuse pictures with more pixels than this, such as 40M (default: 268435456).' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" no-audio' -l 'no-audio' -d 'Leave out sound and subtitles.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" strict' -l 'strict' -d 'Stop with an error at the first damaged packet, or input that cannot be read, instead of continuing.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" reconnect' -l 'reconnect' -d 'Reopen a lost or unreachable URL or device, up to n times in a row.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" allow-protocols' -l 'allow-protocols' -d 'Protocols that an input may open indirectly, such as file,http,tcp (default: none for local files; for URLs what FFmpeg allows, but no local files).' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" threads' -l 'threads' -d 'Number of threads; 0 means one per processor.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" frames' -l 'frames' -d 'Stop after this many frames of each stream.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" every' -l 'every' -d 'Write only every nth frame and leave out the others; "seq" keeps the original numbers.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" realtime' -l 'realtime' -d 'Write frames at the speed of the video, and drop those that are late because downstream tools are slower; the end record counts them.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" label' -l 'label' -d 'Class that all pictures show, written as every frame\'s "label" for fm-train.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" chunk' -l 'chunk' -d 'Read the kth of n parts of the input, equally long; each frame, and each packet of sound, is in one of them.' -rfka ''
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" global-seq' -l 'global-seq' -d 'With --start, let "seq" count from the beginning of the input.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" count' -l 'count' -d 'How the frames before a part are counted: auto (by reading packets, where these tell) or decoding (all of them, also in damaged files).' -rfka 'auto decoding'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" version' -l 'version' -d 'Show the version.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_positional "fm-decode" -eq 2' -fa 'help' -d 'Show subcommand help information.'
complete -c 'fm-decode' -n '__fm-decode_should_offer_completions_for_flags_or_options "fm-decode help" version' -l 'version' -d 'Show the version.'
