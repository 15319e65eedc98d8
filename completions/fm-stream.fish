function __fm-stream_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-stream_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __fm-stream_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-stream_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __fm-stream_parse_tokens -S
    set -l unparsed_tokens (__fm-stream_tokens -pc)
    switch $unparsed_tokens[1]
    case 'fm-stream'
        __fm-stream_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'check'
            __fm-stream_parse_subcommand -r 1 'quick' 'allow-gaps' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'merge'
            __fm-stream_parse_subcommand -r 1 'o/output=' 'force' 'z/compress' 'level=' 'threads=' 'skip-existing' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'view'
            __fm-stream_parse_subcommand 1 'o/output=' 'no-pixels' 'skip-existing' 'header' 'seq=' 'start=' 'end=' 'ids=' 'types=' 'z/compress' 'level=' 'threads=' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'index'
            __fm-stream_parse_subcommand 1 'o/output=' 'skip-existing' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'compress'
            __fm-stream_parse_subcommand 1 'o/output=' 'level=' 'threads=' 'skip-existing' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'doctor'
            __fm-stream_parse_subcommand 0 'q/quiet' 'verbose' 'version' 'h/help'
        case 'help'
            __fm-stream_parse_subcommand -r 1 'version'
        end
    end
end

function __fm-stream_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __fm-stream_parse_subcommand -S -a positional_count
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

function __fm-stream_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __fm-stream_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__fm-stream_tokens -p)
    if test -z "$(__fm-stream_tokens -t)"
        set -l index (count (__fm-stream_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'fm-stream' -f
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream" version' -l 'version' -d 'Show the version.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_positional "fm-stream" -eq 1' -fa 'check' -d 'Say whether streams are whole and valid, in a line for each.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_positional "fm-stream" -eq 1' -fa 'merge' -d 'Put the parts of a stream together; refuse them if one is missing, double or cut.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_positional "fm-stream" -eq 1' -fa 'view' -d 'Write some frames, some records, or all without pixels.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_positional "fm-stream" -eq 1' -fa 'index' -d 'Write a stream with an index, by which fm-stream view finds frames at once.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_positional "fm-stream" -eq 1' -fa 'compress' -d 'Compress a stream with zstd, with an index, so that all tools and zstd -d read it.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_positional "fm-stream" -eq 1' -fa 'doctor' -d 'Print versions, codecs, models and cameras of this system, for a report of a fault.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_positional "fm-stream" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_positional "fm-stream check" -ge 1' -F
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream check" quick' -l 'quick' -d 'Look at the beginning and the end of each file only.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream check" allow-gaps' -l 'allow-gaps' -d 'Accept missing frame numbers that the stream does not explain.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream check" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream check" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream check" version' -l 'version' -d 'Show the version.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_positional "fm-stream merge" -ge 1' -F
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream merge" o output' -l 'output' -s 'o' -d 'File to write the stream to, complete or not at all; - is standard output.' -rF
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream merge" force' -l 'force' -d 'Merge also parts that differ in source or in how they were made.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream merge" compress z' -s 'z' -l 'compress' -d 'Compress the output, with an index, as fm-stream compress does (default for a FILE.zst).'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream merge" level' -l 'level' -d 'Level of zstd, from 1 (fast) to 19 (small).' -rfka ''
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream merge" threads' -l 'threads' -d 'Number of threads; 0 means one per processor.' -rfka ''
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream merge" skip-existing' -l 'skip-existing' -d 'Do nothing if the output files exist and are whole, without reading the input.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream merge" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream merge" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream merge" version' -l 'version' -d 'Show the version.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream merge" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_positional "fm-stream view" -eq 1' -F
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" o output' -l 'output' -s 'o' -d 'File to write the stream to, complete or not at all; - is standard output.' -rF
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" no-pixels' -l 'no-pixels' -d 'Drop frame and packet payloads; the rest of the pipe is then NDJSON (one JSON object per line).'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" skip-existing' -l 'skip-existing' -d 'Do nothing if the output files exist and are whole, without reading the input.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" header' -l 'header' -d 'Write the stream record only: the first line.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" seq' -l 'seq' -d 'Take the frames with these numbers (their seq): 90000, 100-199, 100- or -99.' -rfka ''
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" start' -l 'start' -d 'Take frames from this time on.' -rfka ''
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" end' -l 'end' -d 'Take frames before this time.' -rfka ''
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" ids' -l 'ids' -d 'Take only the faces of these people, by the numbers of fm-track.' -rfka ''
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" types' -l 'types' -d 'Take only records of these types between the stream and the end record: frame, packet or others.' -rfka ''
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" compress z' -s 'z' -l 'compress' -d 'Compress the output, with an index, as fm-stream compress does (default for a FILE.zst).'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" level' -l 'level' -d 'Level of zstd, from 1 (fast) to 19 (small).' -rfka ''
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" threads' -l 'threads' -d 'Number of threads; 0 means one per processor.' -rfka ''
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" version' -l 'version' -d 'Show the version.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream view" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_positional "fm-stream index" -eq 1' -F
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream index" o output' -l 'output' -s 'o' -d 'File to write the stream to, complete or not at all; - is standard output.' -rF
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream index" skip-existing' -l 'skip-existing' -d 'Do nothing if the output files exist and are whole, without reading the input.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream index" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream index" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream index" version' -l 'version' -d 'Show the version.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream index" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_positional "fm-stream compress" -eq 1' -F
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream compress" o output' -l 'output' -s 'o' -d 'File to write the stream to, complete or not at all; - is standard output.' -rF
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream compress" level' -l 'level' -d 'Level of zstd, from 1 (fast) to 19 (small).' -rfka ''
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream compress" threads' -l 'threads' -d 'Number of threads; 0 means one per processor.' -rfka ''
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream compress" skip-existing' -l 'skip-existing' -d 'Do nothing if the output files exist and are whole, without reading the input.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream compress" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream compress" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream compress" version' -l 'version' -d 'Show the version.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream compress" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream doctor" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream doctor" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream doctor" version' -l 'version' -d 'Show the version.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-stream' -n '__fm-stream_should_offer_completions_for_flags_or_options "fm-stream help" version' -l 'version' -d 'Show the version.'
