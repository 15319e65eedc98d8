function __fm-train_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-train_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __fm-train_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __fm-train_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __fm-train_parse_tokens -S
    set -l unparsed_tokens (__fm-train_tokens -pc)
    # The subcommand fit may be left out
    if test (count $unparsed_tokens) -gt 1; or string match -q -- '-*' (commandline -ct)
        if not contains -- "$unparsed_tokens[2]" fit detector evaluate tune calibrate quantize export show compare help
            set unparsed_tokens $unparsed_tokens[1] fit $unparsed_tokens[2..]
        end
    end
    switch $unparsed_tokens[1]
    case 'fm-train'
        __fm-train_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'fit'
            __fm-train_parse_subcommand 2 'v/validation=' 'validation-split=' 'manifest=' 'usage=' 'votes=' 'votes-weight=' 'votes-rename=' 'cache=' 'strict' 'architecture=' 'from=' 'from-scratch' 'filters=' 'kernels=' 'dense-units=' 'dropout=' 'initializer=' 'size=' 'e/epochs=' 'batch-size=' 'optimizer=' 'learning-rate=' 'schedule=' 'warm-up=' 'step-epochs=' 'factor=' 'patience=' 'weight-decay=' 'l2=' 'momentum=' 'clip-norm=' 'label-smoothing=' 'class-weights=' 'average=' 'early-stopping=' 'precision=' 'seed=' 'teacher=+' 'teacher-temperature=' 'teacher-weight=' 'flip' 'no-flip' 'rotation=' 'zoom=' 'shift=' 'brightness=' 'contrast=' 'erasing=' 'blur=' 'downscale=' 'detector-boxes=' 'low-light=' 'haze=' 'compression=' 'mixup=' 'crop=' 'margin=' 'standardize' 'no-standardize' 'input-scale=' 'input-offset=' 'recipe=' 'continue' 'restart' 'checkpoint-minutes=' 'classes=' 'report=' 'no-report' 'json' 'threads=' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'detector'
            __fm-train_parse_subcommand 1 'objects=' 'backgrounds=' 'leave-out=' 'object=' 'v/validation=' 'boxes=' 'from=' 'filters=' 'residuals=' 'e/epochs=' 'steps=' 'batch-size=' 'learning-rate=' 'average=' 'rotation=' 'mirror' 'no-mirror' 'precision=' 'held-out=' 'trial-canvases=' 'seed=' 'review=' 'snapshot=' 'restart' 'checkpoint-minutes=' 'report=' 'no-report' 'json' 'threads=' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'evaluate'
            __fm-train_parse_subcommand 2 'weights=' 'classes=' 'views=' 'precision=' 'downscale=' 'blur=' 'low-light=' 'try-inputs' 'boxes=' 'c/cascade=' 'min-neighbors=' 'turn=' 'overlap=' 'min-score=' 'max-side=' 'manifest=' 'usage=' 'votes=' 'votes-weight=' 'votes-rename=' 'cache=' 'strict' 'standardize' 'no-standardize' 'input-scale=' 'input-offset=' 'report=' 'json' 'threads=' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'tune'
            __fm-train_parse_subcommand 2 'v/validation=' 'validation-split=' 'manifest=' 'usage=' 'votes=' 'votes-weight=' 'votes-rename=' 'cache=' 'strict' 'architecture=' 'from=' 'from-scratch' 'filters=' 'kernels=' 'dense-units=' 'dropout=' 'initializer=' 'size=' 'e/epochs=' 'batch-size=' 'optimizer=' 'learning-rate=' 'schedule=' 'warm-up=' 'step-epochs=' 'factor=' 'patience=' 'weight-decay=' 'l2=' 'momentum=' 'clip-norm=' 'label-smoothing=' 'class-weights=' 'average=' 'early-stopping=' 'precision=' 'seed=' 'teacher=+' 'teacher-temperature=' 'teacher-weight=' 'flip' 'no-flip' 'rotation=' 'zoom=' 'shift=' 'brightness=' 'contrast=' 'erasing=' 'blur=' 'downscale=' 'detector-boxes=' 'low-light=' 'haze=' 'compression=' 'mixup=' 'crop=' 'margin=' 'standardize' 'no-standardize' 'input-scale=' 'input-offset=' 'search=' 'trials=' 'trial-seed=' 'records=' 'min-epochs=' 'reduction=' 'recipe=' 'json' 'threads=' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'calibrate'
            __fm-train_parse_subcommand 2 'weights=' 'classes=' 'o/output=' 'views=' 'manifest=' 'usage=' 'votes=' 'votes-weight=' 'votes-rename=' 'cache=' 'strict' 'standardize' 'no-standardize' 'input-scale=' 'input-offset=' 'threads=' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'quantize'
            __fm-train_parse_subcommand 1 'weights=' 'classes=' 'o/output=' 'calibration=' 'evaluate=' 'pictures=' 'seed=' 'max-side=' 'min-score=' 'standardize' 'no-standardize' 'input-scale=' 'input-offset=' 'threads=' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'export'
            __fm-train_parse_subcommand 1 'weights=' 'classes=' 'o/output=' 'half' 'optimizer' 'no-optimizer' 'standardize' 'no-standardize' 'input-scale=' 'input-offset=' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'show'
            __fm-train_parse_subcommand 1 'weights=' 'classes=' 'json' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'compare'
            __fm-train_parse_subcommand -r 1 'o/output=' 'json' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'help'
            __fm-train_parse_subcommand -r 1 'version'
        end
    end
end

function __fm-train_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __fm-train_parse_subcommand -S -a positional_count
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

function __fm-train_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __fm-train_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__fm-train_tokens -p)
    if test -z "$(__fm-train_tokens -t)"
        set -l index (count (__fm-train_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'fm-train' -f
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'fit' -d 'Train a network on pictures by class (the default).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'detector' -d 'Train a network that finds an object in pictures, from crops of it and pictures without it.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'evaluate' -d 'Evaluate a model or a detector on the pictures of a folder, or the answers that a stream has already.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'tune' -d 'Search for hyper-parameters and keep the best model.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'calibrate' -d 'Calibrate a model\'s confidence by temperature scaling.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'quantize' -d 'Measure a model\'s value ranges for 8-bit integers, and the accuracy of each precision.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'export' -d 'Write a smaller copy of a model, for people who only use it.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'show' -d 'Print a model\'s layers, classes, history and recipe.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'compare' -d 'Compare the reports of several trainings.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train fit" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'keras\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train fit" -eq 2' -fa '(set -l exts \'fm\' \'csv\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" v validation' -l 'validation' -s 'v' -d 'Validation pictures: a folder, a stream or a table, as the training pictures.' -rfa '(set -l exts \'fm\' \'csv\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" validation-split' -l 'validation-split' -d 'Set this fraction of each class aside for validation.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" manifest' -l 'manifest' -d 'CSV file with the columns filename and label; if it does not exist, it is written from the folders first.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'csv\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" usage' -l 'usage' -d 'Rows of FER-2013\'s table to read: Training, PublicTest or PrivateTest, as in fer2013.csv:Training (default: all).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" votes' -l 'votes' -d 'Prefix of the manifest\'s columns that count votes for classes; for FER-2013\'s table the file with FER+\'s votes, fer2013new.csv.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'csv\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" votes-weight' -l 'votes-weight' -d 'Weight of the votes in the training target, above 0 and at most 1; the label gets the rest (default: 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" votes-rename' -l 'votes-rename' -d 'Map vote column names to class names, such as happiness=happy,anger=angry.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" cache' -l 'cache' -d 'Keep decoded pictures in this file, so that the next start is fast.' -rF
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" strict' -l 'strict' -d 'Fail on the first picture that cannot be read instead of skipping it.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" architecture' -l 'architecture' -d 'Architecture of a new network (default: classic).' -rfka 'classic compact compact-se'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" from' -l 'from' -d 'Start from the architecture and weights of this Keras model, a file or a shipped model.' -rfka '(__fm-train_custom_completion ---completion fit -- --from (count (__fm-train_tokens -pc)) (__fm-train_tokens -tC))'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" from-scratch' -l 'from-scratch' -d 'Use only the architecture of the --from model, with fresh weights.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" filters' -l 'filters' -d 'Filters per convolution or block (default: 128,256,512 for classic, 32,64,128,256 for the others).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" kernels' -l 'kernels' -d 'Kernel size per convolution or block; the last value is repeated (default: 9,6,3 for classic, 3 for the others).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" dense-units' -l 'dense-units' -d 'Units of the dense layers before the last (default: 128,64 for classic).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" dropout' -l 'dropout' -d 'Dropout rate; 0 means none (default: 0.5 for classic, 0.3 for the others).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" initializer' -l 'initializer' -d 'Kernel initializer: glorot_uniform (the default), glorot_normal, he_normal, he_uniform, lecun_normal or lecun_uniform.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" size' -l 'size' -d 'Resize pictures to this side in pixels (default: 48, or the input of the --from model).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" e epochs' -l 'epochs' -s 'e' -d 'Number of epochs (default: 16).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" batch-size' -l 'batch-size' -d 'Batch size (default: 32).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" optimizer' -l 'optimizer' -d 'Optimizer, with Keras\'s constants (default: adam).' -rfka 'adam adamw sgd'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" learning-rate' -l 'learning-rate' -d 'Peak learning rate (default: 0.001; 0.01 for sgd).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" schedule' -l 'schedule' -d 'Learning rate schedule: constant, cosine to 0, step down, or down on a plateau (default: constant).' -rfka 'constant cosine step plateau'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" warm-up' -l 'warm-up' -d 'Epochs during which the rate first rises from 0; may be a fraction (default: 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" step-epochs' -l 'step-epochs' -d 'Epochs between two steps of the step schedule (default: 10).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" factor' -l 'factor' -d 'Decay factor of the step and plateau schedules (default: 0.1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" patience' -l 'patience' -d 'Epochs without improvement before the plateau schedule lowers the rate (default: 10).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" weight-decay' -l 'weight-decay' -d 'Decoupled decay of all weights, as Keras\'s weight_decay (default: 0.004 for adamw, otherwise none).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" l2' -l 'l2' -d 'L2 penalty on kernels, added to the gradient (default: 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" momentum' -l 'momentum' -d 'Nesterov momentum of sgd (default: 0.9).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" clip-norm' -l 'clip-norm' -d 'Scale gradients so that their global norm is at most this (Keras\'s global_clipnorm).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" label-smoothing' -l 'label-smoothing' -d 'Share of each target that is spread over all classes (default: 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" class-weights' -l 'class-weights' -d 'Class weights in the loss: balanced, or a weight per class, 1 for those not named (default: none).' -rfka 'none balanced'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" average' -l 'average' -d 'Validate and save a moving average of the weights, with this momentum.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" early-stopping' -l 'early-stopping' -d 'Stop after this many epochs without improvement in validation accuracy.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" precision' -l 'precision' -d 'Number format to compute in; weights stay f32; auto is bf16 where the processor is fast at it (default: f32).' -rfka 'f32 bf16 auto'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" seed' -l 'seed' -d 'Random seed (default: 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit"' -l 'teacher' -d 'Learn also from the answers of this model, a file or a shipped model of the same classes and input; give it several times for the mean of several.' -rfka '(__fm-train_custom_completion ---completion fit -- --teacher (count (__fm-train_tokens -pc)) (__fm-train_tokens -tC))'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" teacher-temperature' -l 'teacher-temperature' -d 'Temperature that softens the answers of the teachers and of the network (default: 4).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" teacher-weight' -l 'teacher-weight' -d 'Weight of the teachers in the loss, 0 to 1; labels and votes get the rest (default: 0.9).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" flip' -l 'flip' -d 'Mirror each picture with probability 0.5 (default: no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" no-flip' -l 'no-flip' -d 'Mirror each picture with probability 0.5 (default: no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" rotation' -l 'rotation' -d 'Rotate pictures by up to this angle to either side.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" zoom' -l 'zoom' -d 'Zoom by a random factor from 1 - f to 1 + f.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" shift' -l 'shift' -d 'Shift by up to this fraction of the side.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" brightness' -l 'brightness' -d 'Multiply brightness by a random factor from 1 - f to 1 + f.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" contrast' -l 'contrast' -d 'Multiply contrast by a random factor from 1 - f to 1 + f.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" erasing' -l 'erasing' -d 'Overwrite a random rectangle with noise, with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" blur' -l 'blur' -d 'Blur with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" downscale' -l 'downscale' -d 'Downscale and re-upscale with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" detector-boxes' -l 'detector-boxes' -d 'Crop as from a detection network\'s box instead of a cascade\'s, with this probability: tighter or looser, off-center.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" low-light' -l 'low-light' -d 'Darken and add noise, as in little light, with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" haze' -l 'haze' -d 'Lay a veil of gray over the picture, with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" compression' -l 'compression' -d 'Compress as JPEG, with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" mixup' -l 'mixup' -d 'Mix pictures in pairs, with weights from the beta distribution of this parameter.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" crop' -l 'crop' -d 'Train on random crops with this side in pixels, and evaluate on center crops.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" margin' -l 'margin' -d 'Margin that fm-classify adds around a face\'s box (default: minus what --crop removes, otherwise the --from model\'s).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" standardize' -l 'standardize' -d 'Standardize each picture to mean 0 and standard deviation 1 (default: as the model file, otherwise no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" no-standardize' -l 'no-standardize' -d 'Standardize each picture to mean 0 and standard deviation 1 (default: as the model file, otherwise no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" input-scale' -l 'input-scale' -d 'Scale factor: the network\'s input is pixel * s + o, for pixels from 0 to 255 (default: the model\'s, otherwise 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" input-offset' -l 'input-offset' -d 'Offset added after scaling, see --input-scale (default: the model\'s, otherwise 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" recipe' -l 'recipe' -d 'JSON file of hyper-parameters, or the name of a shipped recipe; options take precedence over it.' -rfka '(__fm-train_custom_completion ---completion fit -- --recipe (count (__fm-train_tokens -pc)) (__fm-train_tokens -tC))'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" continue' -l 'continue' -d 'Train a finished model further, for --epochs more epochs.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" restart' -l 'restart' -d 'Discard the checkpoint, and a finished model, and start over.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" checkpoint-minutes' -l 'checkpoint-minutes' -d 'Minutes between checkpoints, in addition to those after each epoch.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" classes' -l 'classes' -d 'Class names in the order of the outputs instead of the model file\'s: fer2013, fer2013-alphabetical, ferplus, or a list; quote a name that has a comma.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" report' -l 'report' -d 'Folder to write the report to (default: the model\'s name with .report instead of .keras).' -rfa '(__fm-train_complete_directories)'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" no-report' -l 'no-report' -d 'Write no report.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" json' -l 'json' -d 'Print NDJSON to standard output: one JSON object per line.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" threads' -l 'threads' -d 'Number of threads; 0 means one per processor.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train detector" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'keras\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" objects' -l 'objects' -d 'Folder with crops of the object, each filled by it from edge to edge.' -rfa '(__fm-train_complete_directories)'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" backgrounds' -l 'backgrounds' -d 'Folder with pictures without the object, of any size.' -rfa '(__fm-train_complete_directories)'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" leave-out' -l 'leave-out' -d 'CSV file of backgrounds to leave out, in the column filename, or of places of them, in x, y, width and height; what --review writes beside its sheet, edited by a person.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'csv\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" object' -l 'object' -d 'What is found, in the singular, for the model file.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" v validation' -l 'validation' -s 'v' -d 'Folder with pictures to measure on after each epoch; needs --boxes.' -rfa '(__fm-train_complete_directories)'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" boxes' -l 'boxes' -d 'Boxes of the --validation pictures: CSV with the columns file, x, y, width and height, or COCO\'s JSON.' -rfa '(set -l exts \'csv\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" from' -l 'from' -d 'Start from the filters, residuals and weights of this detector: a .keras file, or its name as for fm-detect -m.' -rfka '(__fm-train_custom_completion ---completion detector -- --from (count (__fm-train_tokens -pc)) (__fm-train_tokens -tC))'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" filters' -l 'filters' -d 'Filters at strides 2, 4 and 8 (default: 12,20,40, or those of the --from detector).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" residuals' -l 'residuals' -d 'Residual 3x3 convolutions at stride 8 (default: 2, or as many as the --from detector has).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" e epochs' -l 'epochs' -s 'e' -d 'Number of epochs; the backgrounds are searched after each (default: 12).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" steps' -l 'steps' -d 'Steps of an epoch (default: 2000).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" batch-size' -l 'batch-size' -d 'Canvases of a step (default: 32).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" learning-rate' -l 'learning-rate' -d 'Peak learning rate, from which it falls to 0 along a cosine (default: 0.0025).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" average' -l 'average' -d 'Momentum of the moving average of the weights, which is what is saved (default: 0.999).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" rotation' -l 'rotation' -d 'Rotate objects by up to this angle to either side (default: 40).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" mirror' -l 'mirror' -d 'Mirror every other object (default: yes).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" no-mirror' -l 'no-mirror' -d 'Mirror every other object (default: yes).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" precision' -l 'precision' -d 'Number format to compute in; weights stay f32; auto is bf16 where the processor is fast at it (default: f32).' -rfka 'f32 bf16 auto'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" held-out' -l 'held-out' -d 'Hold out one of n crops and backgrounds to measure on; 0 holds none out (default: 20).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" trial-canvases' -l 'trial-canvases' -d 'Canvases of what is held out to measure on after each epoch, and to calibrate scores with (default: 500).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" seed' -l 'seed' -d 'Random seed (default: 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" review' -l 'review' -d 'Draw the surest false finds on the backgrounds into this PNG or SVG file, to be looked at.' -rfa '(set -l exts \'png\' \'svg\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" snapshot' -l 'snapshot' -d 'After each epoch, write the detector as it is then to this .keras file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'keras\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" restart' -l 'restart' -d 'Discard the checkpoint, and a finished model, and start over.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" checkpoint-minutes' -l 'checkpoint-minutes' -d 'Minutes between checkpoints, in addition to those after each epoch.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" report' -l 'report' -d 'Folder to write the report to (default: the model\'s name with .report instead of .keras).' -rfa '(__fm-train_complete_directories)'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" no-report' -l 'no-report' -d 'Write no report.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" json' -l 'json' -d 'Print NDJSON to standard output: one JSON object per line.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" threads' -l 'threads' -d 'Number of threads; 0 means one per processor.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train detector" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train evaluate" -eq 1' -fka '(__fm-train_custom_completion ---completion evaluate -- positional@0 (count (__fm-train_tokens -pc)) (__fm-train_tokens -tC))'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" weights' -l 'weights' -d 'Weights for the model, from model.save_weights(); the model may then be the JSON of model.to_json().' -rfa '(set -l exts \'h5\' \'hdf5\' \'keras\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" classes' -l 'classes' -d 'Class names in the order of the outputs instead of the model file\'s: fer2013, fer2013-alphabetical, ferplus, or a list; quote a name that has a comma.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train evaluate" -eq 2' -fa '(set -l exts \'fm\' \'csv\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" views' -l 'views' -d 'Views of each picture to average over: the center, center and mirror image (what fm-classify does), or ten crops.' -rfka 'single flip ten-crop'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" precision' -l 'precision' -d 'Number format to compute in; auto is what fm-classify or fm-detect chooses.' -rfka 'auto f32 bf16 int8'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" downscale' -l 'downscale' -d 'Downscale each picture to this side and back first, to test small faces.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" blur' -l 'blur' -d 'Blur each picture first with a Gaussian of this standard deviation in pixels, to test blurred faces.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" low-light' -l 'low-light' -d 'Darken each picture first to this share of its light, and add sensor noise, to test dark faces.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" try-inputs' -l 'try-inputs' -d 'Measure instead which pixel range and order of classes the model is made for, and print the options for it.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" boxes' -l 'boxes' -d 'Evaluate a detector, a Keras or ONNX file: on pictures with these boxes, CSV with the columns file, x, y, width and height, or COCO\'s JSON.' -rfa '(set -l exts \'csv\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" c cascade' -l 'cascade' -s 'c' -d 'Evaluate this cascade instead of a model, with --boxes; no model is named then.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'xml\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" min-neighbors' -l 'min-neighbors' -d 'Keep detections of a cascade with more than n neighbors (default: 3).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" turn' -l 'turn' -d 'Rotate the pictures clockwise by this angle first; with --boxes, evaluate also at each of these angles, with the boxes rotated.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" overlap' -l 'overlap' -d 'A find is right if its intersection over union with a box is at least f (default: 0.3).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" min-score' -l 'min-score' -d 'Leave out what a network finds with a score of f or less (default: 0.02).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" max-side' -l 'max-side' -d 'Show the network pictures of at most n pixels a side, larger ones reduced; 0 shows them as they are (default: 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" manifest' -l 'manifest' -d 'CSV file with the columns filename and label; if it does not exist, it is written from the folders first.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'csv\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" usage' -l 'usage' -d 'Rows of FER-2013\'s table to read: Training, PublicTest or PrivateTest, as in fer2013.csv:Training (default: all).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" votes' -l 'votes' -d 'Prefix of the manifest\'s columns that count votes for classes; for FER-2013\'s table the file with FER+\'s votes, fer2013new.csv.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'csv\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" votes-weight' -l 'votes-weight' -d 'Weight of the votes in the training target, above 0 and at most 1; the label gets the rest (default: 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" votes-rename' -l 'votes-rename' -d 'Map vote column names to class names, such as happiness=happy,anger=angry.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" cache' -l 'cache' -d 'Keep decoded pictures in this file, so that the next start is fast.' -rF
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" strict' -l 'strict' -d 'Fail on the first picture that cannot be read instead of skipping it.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" standardize' -l 'standardize' -d 'Standardize each picture to mean 0 and standard deviation 1 (default: as the model file, otherwise no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" no-standardize' -l 'no-standardize' -d 'Standardize each picture to mean 0 and standard deviation 1 (default: as the model file, otherwise no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" input-scale' -l 'input-scale' -d 'Scale factor: the network\'s input is pixel * s + o, for pixels from 0 to 255 (default: the model\'s, otherwise 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" input-offset' -l 'input-offset' -d 'Offset added after scaling, see --input-scale (default: the model\'s, otherwise 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" report' -l 'report' -d 'Folder to write a report with figures to.' -rfa '(__fm-train_complete_directories)'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" json' -l 'json' -d 'Print the report as JSON.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" threads' -l 'threads' -d 'Number of threads; 0 means one per processor.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train tune" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'keras\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train tune" -eq 2' -fa '(set -l exts \'fm\' \'csv\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" v validation' -l 'validation' -s 'v' -d 'Validation pictures: a folder, a stream or a table, as the training pictures.' -rfa '(set -l exts \'fm\' \'csv\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" validation-split' -l 'validation-split' -d 'Set this fraction of each class aside for validation.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" manifest' -l 'manifest' -d 'CSV file with the columns filename and label; if it does not exist, it is written from the folders first.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'csv\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" usage' -l 'usage' -d 'Rows of FER-2013\'s table to read: Training, PublicTest or PrivateTest, as in fer2013.csv:Training (default: all).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" votes' -l 'votes' -d 'Prefix of the manifest\'s columns that count votes for classes; for FER-2013\'s table the file with FER+\'s votes, fer2013new.csv.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'csv\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" votes-weight' -l 'votes-weight' -d 'Weight of the votes in the training target, above 0 and at most 1; the label gets the rest (default: 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" votes-rename' -l 'votes-rename' -d 'Map vote column names to class names, such as happiness=happy,anger=angry.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" cache' -l 'cache' -d 'Keep decoded pictures in this file, so that the next start is fast.' -rF
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" strict' -l 'strict' -d 'Fail on the first picture that cannot be read instead of skipping it.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" architecture' -l 'architecture' -d 'Architecture of a new network (default: classic).' -rfka 'classic compact compact-se'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" from' -l 'from' -d 'Start from the architecture and weights of this Keras model, a file or a shipped model.' -rfka '(__fm-train_custom_completion ---completion tune -- --from (count (__fm-train_tokens -pc)) (__fm-train_tokens -tC))'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" from-scratch' -l 'from-scratch' -d 'Use only the architecture of the --from model, with fresh weights.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" filters' -l 'filters' -d 'Filters per convolution or block (default: 128,256,512 for classic, 32,64,128,256 for the others).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" kernels' -l 'kernels' -d 'Kernel size per convolution or block; the last value is repeated (default: 9,6,3 for classic, 3 for the others).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" dense-units' -l 'dense-units' -d 'Units of the dense layers before the last (default: 128,64 for classic).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" dropout' -l 'dropout' -d 'Dropout rate; 0 means none (default: 0.5 for classic, 0.3 for the others).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" initializer' -l 'initializer' -d 'Kernel initializer: glorot_uniform (the default), glorot_normal, he_normal, he_uniform, lecun_normal or lecun_uniform.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" size' -l 'size' -d 'Resize pictures to this side in pixels (default: 48, or the input of the --from model).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" e epochs' -l 'epochs' -s 'e' -d 'Number of epochs (default: 16).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" batch-size' -l 'batch-size' -d 'Batch size (default: 32).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" optimizer' -l 'optimizer' -d 'Optimizer, with Keras\'s constants (default: adam).' -rfka 'adam adamw sgd'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" learning-rate' -l 'learning-rate' -d 'Peak learning rate (default: 0.001; 0.01 for sgd).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" schedule' -l 'schedule' -d 'Learning rate schedule: constant, cosine to 0, step down, or down on a plateau (default: constant).' -rfka 'constant cosine step plateau'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" warm-up' -l 'warm-up' -d 'Epochs during which the rate first rises from 0; may be a fraction (default: 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" step-epochs' -l 'step-epochs' -d 'Epochs between two steps of the step schedule (default: 10).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" factor' -l 'factor' -d 'Decay factor of the step and plateau schedules (default: 0.1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" patience' -l 'patience' -d 'Epochs without improvement before the plateau schedule lowers the rate (default: 10).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" weight-decay' -l 'weight-decay' -d 'Decoupled decay of all weights, as Keras\'s weight_decay (default: 0.004 for adamw, otherwise none).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" l2' -l 'l2' -d 'L2 penalty on kernels, added to the gradient (default: 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" momentum' -l 'momentum' -d 'Nesterov momentum of sgd (default: 0.9).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" clip-norm' -l 'clip-norm' -d 'Scale gradients so that their global norm is at most this (Keras\'s global_clipnorm).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" label-smoothing' -l 'label-smoothing' -d 'Share of each target that is spread over all classes (default: 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" class-weights' -l 'class-weights' -d 'Class weights in the loss: balanced, or a weight per class, 1 for those not named (default: none).' -rfka 'none balanced'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" average' -l 'average' -d 'Validate and save a moving average of the weights, with this momentum.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" early-stopping' -l 'early-stopping' -d 'Stop after this many epochs without improvement in validation accuracy.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" precision' -l 'precision' -d 'Number format to compute in; weights stay f32; auto is bf16 where the processor is fast at it (default: f32).' -rfka 'f32 bf16 auto'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" seed' -l 'seed' -d 'Random seed (default: 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune"' -l 'teacher' -d 'Learn also from the answers of this model, a file or a shipped model of the same classes and input; give it several times for the mean of several.' -rfka '(__fm-train_custom_completion ---completion tune -- --teacher (count (__fm-train_tokens -pc)) (__fm-train_tokens -tC))'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" teacher-temperature' -l 'teacher-temperature' -d 'Temperature that softens the answers of the teachers and of the network (default: 4).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" teacher-weight' -l 'teacher-weight' -d 'Weight of the teachers in the loss, 0 to 1; labels and votes get the rest (default: 0.9).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" flip' -l 'flip' -d 'Mirror each picture with probability 0.5 (default: no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" no-flip' -l 'no-flip' -d 'Mirror each picture with probability 0.5 (default: no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" rotation' -l 'rotation' -d 'Rotate pictures by up to this angle to either side.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" zoom' -l 'zoom' -d 'Zoom by a random factor from 1 - f to 1 + f.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" shift' -l 'shift' -d 'Shift by up to this fraction of the side.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" brightness' -l 'brightness' -d 'Multiply brightness by a random factor from 1 - f to 1 + f.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" contrast' -l 'contrast' -d 'Multiply contrast by a random factor from 1 - f to 1 + f.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" erasing' -l 'erasing' -d 'Overwrite a random rectangle with noise, with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" blur' -l 'blur' -d 'Blur with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" downscale' -l 'downscale' -d 'Downscale and re-upscale with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" detector-boxes' -l 'detector-boxes' -d 'Crop as from a detection network\'s box instead of a cascade\'s, with this probability: tighter or looser, off-center.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" low-light' -l 'low-light' -d 'Darken and add noise, as in little light, with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" haze' -l 'haze' -d 'Lay a veil of gray over the picture, with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" compression' -l 'compression' -d 'Compress as JPEG, with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" mixup' -l 'mixup' -d 'Mix pictures in pairs, with weights from the beta distribution of this parameter.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" crop' -l 'crop' -d 'Train on random crops with this side in pixels, and evaluate on center crops.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" margin' -l 'margin' -d 'Margin that fm-classify adds around a face\'s box (default: minus what --crop removes, otherwise the --from model\'s).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" standardize' -l 'standardize' -d 'Standardize each picture to mean 0 and standard deviation 1 (default: as the model file, otherwise no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" no-standardize' -l 'no-standardize' -d 'Standardize each picture to mean 0 and standard deviation 1 (default: as the model file, otherwise no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" input-scale' -l 'input-scale' -d 'Scale factor: the network\'s input is pixel * s + o, for pixels from 0 to 255 (default: the model\'s, otherwise 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" input-offset' -l 'input-offset' -d 'Offset added after scaling, see --input-scale (default: the model\'s, otherwise 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" search' -l 'search' -d 'Search space as a JSON file (default: built in).' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" trials' -l 'trials' -d 'Number of trials.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" trial-seed' -l 'trial-seed' -d 'Random seed of the sequence of trials.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" records' -l 'records' -d 'File to append results to (default: the model\'s name with .trials.ndjson).' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'ndjson\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" min-epochs' -l 'min-epochs' -d 'Epochs after which trials are first compared.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" reduction' -l 'reduction' -d 'Successive-halving factor: keep one trial in n.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" recipe' -l 'recipe' -d 'JSON file of hyper-parameters that are not searched, or the name of a shipped recipe.' -rfka '(__fm-train_custom_completion ---completion tune -- --recipe (count (__fm-train_tokens -pc)) (__fm-train_tokens -tC))'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" json' -l 'json' -d 'Print the trials\' records to standard output as NDJSON.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" threads' -l 'threads' -d 'Number of threads; 0 means one per processor.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train calibrate" -eq 1' -fka '(__fm-train_custom_completion ---completion calibrate -- positional@0 (count (__fm-train_tokens -pc)) (__fm-train_tokens -tC))'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" weights' -l 'weights' -d 'Weights for the model, from model.save_weights(); the model may then be the JSON of model.to_json().' -rfa '(set -l exts \'h5\' \'hdf5\' \'keras\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" classes' -l 'classes' -d 'Class names in the order of the outputs instead of the model file\'s: fer2013, fer2013-alphabetical, ferplus, or a list; quote a name that has a comma.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" o output' -l 'output' -s 'o' -d 'Write the model to this file, of the same kind, instead of changing the original.' -rF
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train calibrate" -eq 2' -fa '(set -l exts \'fm\' \'csv\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" views' -l 'views' -d 'Find the temperature for these views of each picture alone (default: for single and for flip).' -rfka 'single flip ten-crop'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" manifest' -l 'manifest' -d 'CSV file with the columns filename and label; if it does not exist, it is written from the folders first.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'csv\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" usage' -l 'usage' -d 'Rows of FER-2013\'s table to read: Training, PublicTest or PrivateTest, as in fer2013.csv:Training (default: all).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" votes' -l 'votes' -d 'Prefix of the manifest\'s columns that count votes for classes; for FER-2013\'s table the file with FER+\'s votes, fer2013new.csv.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'csv\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" votes-weight' -l 'votes-weight' -d 'Weight of the votes in the training target, above 0 and at most 1; the label gets the rest (default: 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" votes-rename' -l 'votes-rename' -d 'Map vote column names to class names, such as happiness=happy,anger=angry.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" cache' -l 'cache' -d 'Keep decoded pictures in this file, so that the next start is fast.' -rF
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" strict' -l 'strict' -d 'Fail on the first picture that cannot be read instead of skipping it.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" standardize' -l 'standardize' -d 'Standardize each picture to mean 0 and standard deviation 1 (default: as the model file, otherwise no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" no-standardize' -l 'no-standardize' -d 'Standardize each picture to mean 0 and standard deviation 1 (default: as the model file, otherwise no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" input-scale' -l 'input-scale' -d 'Scale factor: the network\'s input is pixel * s + o, for pixels from 0 to 255 (default: the model\'s, otherwise 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" input-offset' -l 'input-offset' -d 'Offset added after scaling, see --input-scale (default: the model\'s, otherwise 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" threads' -l 'threads' -d 'Number of threads; 0 means one per processor.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train quantize" -eq 1' -fka '(__fm-train_custom_completion ---completion quantize -- positional@0 (count (__fm-train_tokens -pc)) (__fm-train_tokens -tC))'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" weights' -l 'weights' -d 'Weights for the model, from model.save_weights(); the model may then be the JSON of model.to_json().' -rfa '(set -l exts \'h5\' \'hdf5\' \'keras\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" classes' -l 'classes' -d 'Class names in the order of the outputs instead of the model file\'s: fer2013, fer2013-alphabetical, ferplus, or a list; quote a name that has a comma.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" o output' -l 'output' -s 'o' -d 'Write the model to this file, of the same kind, instead of changing the original.' -rF
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" calibration' -l 'calibration' -d 'Pictures of faces: a folder with one folder per class, or directly in this folder for the ranges alone; or a stream or table, as for fit. For a detector: a folder of whole pictures.' -rfa '(set -l exts \'fm\' \'csv\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" evaluate' -l 'evaluate' -d 'Measure the accuracy on these pictures instead: a folder with one folder per class, a stream or a table. For a detector: a folder of whole pictures.' -rfa '(set -l exts \'fm\' \'csv\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" pictures' -l 'pictures' -d 'Number of pictures to measure the ranges on.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" seed' -l 'seed' -d 'Random seed for the choice of those pictures.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" max-side' -l 'max-side' -d 'Show a detector pictures of at most n pixels a side, larger ones reduced, as fm-detect does; 0 shows them as they are (default: 640).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" min-score' -l 'min-score' -d 'Compare the faces that a detector finds with a score of more than f (default: 0.6).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" standardize' -l 'standardize' -d 'Standardize each picture to mean 0 and standard deviation 1 (default: as the model file, otherwise no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" no-standardize' -l 'no-standardize' -d 'Standardize each picture to mean 0 and standard deviation 1 (default: as the model file, otherwise no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" input-scale' -l 'input-scale' -d 'Scale factor: the network\'s input is pixel * s + o, for pixels from 0 to 255 (default: the model\'s, otherwise 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" input-offset' -l 'input-offset' -d 'Offset added after scaling, see --input-scale (default: the model\'s, otherwise 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" threads' -l 'threads' -d 'Number of threads; 0 means one per processor.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train export" -eq 1' -fka '(__fm-train_custom_completion ---completion export -- positional@0 (count (__fm-train_tokens -pc)) (__fm-train_tokens -tC))'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" weights' -l 'weights' -d 'Weights for the model, from model.save_weights(); the model may then be the JSON of model.to_json().' -rfa '(set -l exts \'h5\' \'hdf5\' \'keras\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" classes' -l 'classes' -d 'Class names in the order of the outputs instead of the model file\'s: fer2013, fer2013-alphabetical, ferplus, or a list; quote a name that has a comma.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" o output' -l 'output' -s 'o' -d 'Keras file to write: NAME.keras.' -rF
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" half' -l 'half' -d 'Store kernels as IEEE 754 binary16, in half the bytes.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" optimizer' -l 'optimizer' -d 'Keep the optimizer\'s state and the compile settings, so that training can continue (default: no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" no-optimizer' -l 'no-optimizer' -d 'Keep the optimizer\'s state and the compile settings, so that training can continue (default: no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" standardize' -l 'standardize' -d 'Standardize each picture to mean 0 and standard deviation 1 (default: as the model file, otherwise no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" no-standardize' -l 'no-standardize' -d 'Standardize each picture to mean 0 and standard deviation 1 (default: as the model file, otherwise no).'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" input-scale' -l 'input-scale' -d 'Scale factor: the network\'s input is pixel * s + o, for pixels from 0 to 255 (default: the model\'s, otherwise 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" input-offset' -l 'input-offset' -d 'Offset added after scaling, see --input-scale (default: the model\'s, otherwise 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train show" -eq 1' -fka '(__fm-train_custom_completion ---completion show -- positional@0 (count (__fm-train_tokens -pc)) (__fm-train_tokens -tC))'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train show" weights' -l 'weights' -d 'Weights for the model, from model.save_weights(); the model may then be the JSON of model.to_json().' -rfa '(set -l exts \'h5\' \'hdf5\' \'keras\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train show" classes' -l 'classes' -d 'Class names in the order of the outputs instead of the model file\'s: fer2013, fer2013-alphabetical, ferplus, or a list; quote a name that has a comma.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train show" json' -l 'json' -d 'Print fm.json, the member of the file that holds everything but layers and weights.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train show" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train show" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train show" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train compare" -ge 1' -fa '(__fm-train_complete_directories)'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train compare" o output' -l 'output' -s 'o' -d 'Draw all curves in one figure: a PNG or SVG file.' -rF
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train compare" json' -l 'json' -d 'Print NDJSON: one JSON object per report.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train compare" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train compare" verbose' -l 'verbose' -d 'Print details of what the tool does.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train compare" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train compare" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train help" version' -l 'version' -d 'Show the version.'
