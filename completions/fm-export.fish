function __fm-export_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-export_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __fm-export_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-export_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __fm-export_parse_tokens -S
    set -l unparsed_tokens (__fm-export_tokens -pc)
    # The subcommand write may be left out
    if test (count $unparsed_tokens) -gt 1; or string match -q -- '-*' (commandline -ct)
        if not contains -- "$unparsed_tokens[2]" write compare help
            set unparsed_tokens $unparsed_tokens[1] write $unparsed_tokens[2..]
        end
    end
    switch $unparsed_tokens[1]
    case 'fm-export'
        __fm-export_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'write'
            __fm-export_parse_subcommand 1 'o/output=+' 'f/format=+' 'formats' 'skip-existing' 'raw' 'min-duration=' 'min-confidence=' 'video=' 'partial' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'compare'
            __fm-export_parse_subcommand 2 'person=+' 'tier=+' 'label=+' 'o/output=' 'json' 'raw' 'min-confidence=' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'help'
            __fm-export_parse_subcommand -r 1 'version'
        end
    end
end

function __fm-export_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __fm-export_parse_subcommand -S -a positional_count
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

function __fm-export_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __fm-export_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__fm-export_tokens -p)
    if test -z "$(__fm-export_tokens -t)"
        set -l index (count (__fm-export_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'fm-export' -f
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export" version' -l 'version' -d 'Show the version.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_positional "fm-export" -eq 1' -fa 'write' -d 'Write findings in one or more formats, in one pass.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_positional "fm-export" -eq 1' -fa 'compare' -d 'Compare findings with what a person coded.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_positional "fm-export" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_positional "fm-export write" -eq 1' -F
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export write"' -l 'output' -s 'o' -d 'File to write, complete or not at all; - is standard output. The option may be repeated.' -rF
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export write"' -l 'format' -s 'f' -d 'Format of the output (default: by the file\'s name, csv for standard output); repeated, one for each output.' -rfka 'csv tsv ndjson openface fex vtt srt ass eaf textgrid boris boris-events mot coco cvat labelstudio otio edl fcpxml html'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export write" formats' -l 'formats' -d 'List the formats: names, ends of file names, and what reads them.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export write" skip-existing' -l 'skip-existing' -d 'Do nothing if the output files exist and are whole, without reading the input.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export write" raw' -l 'raw' -d 'Take what detector and classifier said in each frame, not what fm-track made of it over time.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export write" min-duration' -l 'min-duration' -d 'Leave out runs of one expression that are shorter than this.' -rfka ''
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export write" min-confidence' -l 'min-confidence' -d 'Faces whose confidence is lower (0 to 1) have no expression.' -rfka ''
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export write" video' -l 'video' -d 'Video that the html report plays: a path as seen from the report, or a URL.' -rF
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export write" partial' -l 'partial' -d 'Keep what came before the input was cut or a tool before this one failed; the exit status stays.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export write" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export write" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export write" version' -l 'version' -d 'Show the version.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export write" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_positional "fm-export compare" -eq 1' -fa '(set -l exts \'eaf\' \'boris\' \'TextGrid\' \'csv\' \'tsv\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_positional "fm-export compare" -eq 2' -F
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export compare"' -l 'person' -d 'Say which person a coded subject is (default: by the number in its name). The option may be repeated.' -rfka ''
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export compare"' -l 'tier' -d 'Compare the intervals of this tier only. The option may be repeated.' -rfka ''
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export compare"' -l 'label' -d 'Take a coded label for an expression of another name. The option may be repeated.' -rfka ''
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export compare" o output' -l 'output' -s 'o' -d 'Draw the confusion matrix by frames: a PNG or SVG file.' -rfa '(set -l exts \'png\' \'svg\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export compare" json' -l 'json' -d 'Print one JSON object.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export compare" raw' -l 'raw' -d 'Take what the classifier said in each frame, not what fm-track made of it over time.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export compare" min-confidence' -l 'min-confidence' -d 'Faces whose confidence is lower (0 to 1) have no expression.' -rfka ''
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export compare" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export compare" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export compare" version' -l 'version' -d 'Show the version.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export compare" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-export' -n '__fm-export_should_offer_completions_for_flags_or_options "fm-export help" version' -l 'version' -d 'Show the version.'
