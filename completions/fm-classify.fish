function __fm-classify_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-classify_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __fm-classify_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-classify_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __fm-classify_parse_tokens -S
    set -l unparsed_tokens (__fm-classify_tokens -pc)
    switch $unparsed_tokens[1]
    case 'fm-classify'
        __fm-classify_parse_subcommand 1 'm/model=' 'weights=' 'classes=' 'precision=' 'margin=' 'input-scale=' 'input-offset=' 'views=' 'threads=' 'o/output=' 'no-pixels' 'skip-existing' 'q/quiet' 'verbose' 'top=' 'min-confidence=' 'latency=' 'describe' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'help'
            __fm-classify_parse_subcommand -r 1 'version'
        end
    end
end

function __fm-classify_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __fm-classify_parse_subcommand -S -a positional_count
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

function __fm-classify_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __fm-classify_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__fm-classify_tokens -p)
    if test -z "$(__fm-classify_tokens -t)"
        set -l index (count (__fm-classify_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'fm-classify' -f
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" m model' -l 'model' -s 'm' -d 'Keras (.keras, .h5, .hdf5) or ONNX model file, or a shipped model: expressions (the default) or ferplus.' -rfka '(__fm-classify_custom_completion ---completion -- --model (count (__fm-classify_tokens -pc)) (__fm-classify_tokens -tC))'
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" weights' -l 'weights' -d 'Weights for the model, from model.save_weights(); the model may then be the JSON of model.to_json().' -rfa '(set -l exts \'h5\' \'hdf5\' \'keras\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" classes' -l 'classes' -d 'Class names in the order of the network\'s outputs: fer2013, fer2013-alphabetical, ferplus, or a list (default: the file\'s).' -rfka ''
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" precision' -l 'precision' -d 'Number format to compute in; auto is the fastest whose measured accuracy is at most 0.3 points lower.' -rfka 'auto f32 bf16 int8'
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" margin' -l 'margin' -d 'Enlarge each face\'s box by this fraction of its size on every side (default: the model\'s, otherwise 0).' -rfka ''
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" input-scale' -l 'input-scale' -d 'Scale factor: the network\'s input is pixel * s + o, for pixels from 0 to 255 (default: the model\'s, otherwise 1).' -rfka ''
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" input-offset' -l 'input-offset' -d 'Offset added after scaling, see --input-scale (default: the model\'s, otherwise 0).' -rfka ''
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" views' -l 'views' -d 'Views of each face to average over: the face and its mirror image, or the face alone.' -rfka 'flip single'
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" threads' -l 'threads' -d 'Number of threads; 0 means one per processor.' -rfka ''
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_positional "fm-classify" -eq 1' -F
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" o output' -l 'output' -s 'o' -d 'File to write the stream to, complete or not at all; - is standard output.' -rF
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" no-pixels' -l 'no-pixels' -d 'Drop frame and packet payloads; the rest of the pipe is then NDJSON (one JSON object per line).'
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" skip-existing' -l 'skip-existing' -d 'Do nothing if the output files exist and are whole, without reading the input.'
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" top' -l 'top' -d 'Keep only the n best scores, best first (default: all).' -rfka ''
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" min-confidence' -l 'min-confidence' -d 'Set "expression" to null for faces whose confidence is below f (0 to 1).' -rfka ''
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" latency' -l 'latency' -d 'Process the faces of up to n further frames together if they are already waiting; 0 takes one frame at a time.' -rfka ''
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" describe' -l 'describe' -d 'Print the model\'s layers, shapes, parameters, class names, input, temperature and accuracy, then exit.'
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" version' -l 'version' -d 'Show the version.'
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_positional "fm-classify" -eq 2' -fa 'help' -d 'Show subcommand help information.'
complete -c 'fm-classify' -n '__fm-classify_should_offer_completions_for_flags_or_options "fm-classify help" version' -l 'version' -d 'Show the version.'
