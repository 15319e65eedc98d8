function __fm-annotate_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-annotate_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __fm-annotate_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-annotate_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __fm-annotate_parse_tokens -S
    set -l unparsed_tokens (__fm-annotate_tokens -pc)
    switch $unparsed_tokens[1]
    case 'fm-annotate'
        __fm-annotate_parse_subcommand 1 'o/output=' 'view' 'f/format=' 'codec=' 'quality=' 'bit-rate=' 'encoder-option=+' 'live=' 'join-sound=' 'keep-start' 'findings=' 'strip-tags' 'skip-existing' 'font=' 'no-boxes' 'no-labels' 'points' 'raw' 'legend=' 'faces=' 'force' 'sheet=' 'sheet-order=' 'sheet-every=' 'sheet-of=' 'crops' 'margin=' 'size=' 'hide=' 'hide-shape=' 'hide-margin=' 'hide-except=' 'hide-only=' 'hide-hold=' 'threads=' 'q/quiet' 'verbose' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'help'
            __fm-annotate_parse_subcommand -r 1 'version'
        end
    end
end

function __fm-annotate_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __fm-annotate_parse_subcommand -S -a positional_count
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

function __fm-annotate_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __fm-annotate_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__fm-annotate_tokens -p)
    if test -z "$(__fm-annotate_tokens -t)"
        set -l index (count (__fm-annotate_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'fm-annotate' -f
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_positional "fm-annotate" -eq 1' -F
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" o output' -l 'output' -s 'o' -d 'Video or picture file to write, or a name with %05d for numbered pictures; - is standard output (needs --format).' -rF
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" view' -l 'view' -d 'Show the result in a window instead of writing it, by ffplay or mpv, with as little delay as they can.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" f format' -l 'format' -s 'f' -d 'Container, as FFmpeg names it, such as mp4, matroska or null (default: from the output\'s name).' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" codec' -l 'codec' -d 'Encoder, as FFmpeg names it (default: libx264 if available and the container takes H.264, otherwise the container\'s).' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" quality' -l 'quality' -d 'Quality on the encoder\'s scale: CRF or quantizer, where lower is better; for WebP 0 to 100, higher is better.' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" bit-rate' -l 'bit-rate' -d 'Bits per second, such as 800k or 2M, instead of a quality.' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate"' -l 'encoder-option' -d 'Encoder option, as FFmpeg names it, such as preset=slow. May be repeated.' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" live' -l 'live' -d 'Encode and write each picture without delay, which needs more bits; auto does so for pipes, URLs and live streams.' -rfka 'auto on off'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" join-sound' -l 'join-sound' -d 'What to do with sound that does not fit: of another form than the first stream\'s, or that the container cannot hold.' -rfka 'encode drop'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" keep-start' -l 'keep-start' -d 'Keep the stream\'s start time instead of starting the file at 0.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" findings' -l 'findings' -d 'Also write the stream\'s records without pixels to this file, in the same pass; - is standard output.' -rF
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" strip-tags' -l 'strip-tags' -d 'Leave out tags and tracks that may name people or places: titles, authors, positions, attached pictures.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" skip-existing' -l 'skip-existing' -d 'Do nothing if the output files exist and are whole, without reading the input.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" font' -l 'font' -d 'Font of the labels, as Pango names it, with a size if it is to be fixed: "DejaVu Sans Bold 40px".' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" no-boxes' -l 'no-boxes' -d 'Draw no boxes.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" no-labels' -l 'no-labels' -d 'Draw no labels.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" points' -l 'points' -d 'Draw the points of each face that a detection network found: eyes, nose and mouth.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" raw' -l 'raw' -d 'Draw what detector and classifier said in each frame, not what fm-track made of it over time.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" legend' -l 'legend' -d 'Explain colors and first letters of the classes in a corner; auto does so where labels have room for first letters only (default: auto).' -rfka 'auto always never'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" faces' -l 'faces' -d 'Take the faces from this NDJSON file, matched by "seq", instead of from the stream.' -rF
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" force' -l 'force' -d 'Use --faces although the file is of another video by its source, size or number of frames.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" sheet' -l 'sheet' -d 'Write a contact sheet of the faces with this many columns and rows, such as 5x4; %d in the output\'s name makes as many sheets as all faces need.' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" sheet-order' -l 'sheet-order' -d 'Order of the sheet: faces spread evenly over the film, the most confident ones, or each person\'s in turn.' -rfka 'time confidence person'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" sheet-every' -l 'sheet-every' -d 'Take frames for the sheet at least this many seconds apart.' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" sheet-of' -l 'sheet-of' -d 'Show each face, or whole frames with the predicted class and beside it the true one (see --label of fm-decode).' -rfka 'faces frames'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" crops' -l 'crops' -d 'Write each face as a picture of its own, such as to faces/%05d.png, and a table of them beside it, manifest.csv.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" margin' -l 'margin' -d 'With --crops, add this fraction of the box on every side (default: 0).' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" size' -l 'size' -d 'With --crops, make each picture a square of this many pixels (default: as many as in the frame).' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" hide' -l 'hide' -d 'Make every face unrecognizable.' -rfka 'blur mosaic fill'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" hide-shape' -l 'hide-shape' -d 'Shape of what is hidden (default: oval).' -rfka 'oval box'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" hide-margin' -l 'hide-margin' -d 'Hide this fraction of the box beyond it on every side (default: 0.3).' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" hide-except' -l 'hide-except' -d 'Hide all but the people with these numbers of fm-track, such as 1,4.' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" hide-only' -l 'hide-only' -d 'Hide only the people with these numbers of fm-track.' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" hide-hold' -l 'hide-hold' -d 'Hide a face for this many seconds before its first and after its last sighting; the output is late by as much (default: 0.5).' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" threads' -l 'threads' -d 'Number of threads; 0 means one per processor.' -rfka ''
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" version' -l 'version' -d 'Show the version.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_positional "fm-annotate" -eq 2' -fa 'help' -d 'Show subcommand help information.'
complete -c 'fm-annotate' -n '__fm-annotate_should_offer_completions_for_flags_or_options "fm-annotate help" version' -l 'version' -d 'Show the version.'
