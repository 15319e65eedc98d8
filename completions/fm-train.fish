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
    switch $unparsed_tokens[1]
    case 'fm-train'
        __fm-train_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'fit'
            __fm-train_parse_subcommand 2 'v/validation=' 'validation-split=' 'manifest=' 'votes=' 'votes-weight=' 'votes-rename=' 'cache=' 'strict' 'architecture=' 'from=' 'from-scratch' 'filters=' 'kernels=' 'dense-units=' 'dropout=' 'initializer=' 'size=' 'e/epochs=' 'batch-size=' 'optimizer=' 'learning-rate=' 'schedule=' 'warm-up=' 'step-epochs=' 'factor=' 'patience=' 'weight-decay=' 'l2=' 'momentum=' 'clip-norm=' 'label-smoothing=' 'class-weights=' 'average=' 'early-stopping=' 'precision=' 'seed=' 'flip' 'no-flip' 'rotation=' 'zoom=' 'shift=' 'brightness=' 'contrast=' 'erasing=' 'blur=' 'downscale=' 'mixup=' 'crop=' 'margin=' 'standardize' 'no-standardize' 'input-scale=' 'input-offset=' 'recipe=' 'continue' 'restart' 'checkpoint-minutes=' 'classes=' 'report=' 'no-report' 'json' 'threads=' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'evaluate'
            __fm-train_parse_subcommand 2 'classes=' 'views=' 'precision=' 'downscale=' 'blur=' 'manifest=' 'votes=' 'votes-weight=' 'votes-rename=' 'cache=' 'strict' 'standardize' 'no-standardize' 'input-scale=' 'input-offset=' 'report=' 'json' 'threads=' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'tune'
            __fm-train_parse_subcommand 2 'v/validation=' 'validation-split=' 'manifest=' 'votes=' 'votes-weight=' 'votes-rename=' 'cache=' 'strict' 'architecture=' 'from=' 'from-scratch' 'filters=' 'kernels=' 'dense-units=' 'dropout=' 'initializer=' 'size=' 'e/epochs=' 'batch-size=' 'optimizer=' 'learning-rate=' 'schedule=' 'warm-up=' 'step-epochs=' 'factor=' 'patience=' 'weight-decay=' 'l2=' 'momentum=' 'clip-norm=' 'label-smoothing=' 'class-weights=' 'average=' 'early-stopping=' 'precision=' 'seed=' 'flip' 'no-flip' 'rotation=' 'zoom=' 'shift=' 'brightness=' 'contrast=' 'erasing=' 'blur=' 'downscale=' 'mixup=' 'crop=' 'margin=' 'standardize' 'no-standardize' 'input-scale=' 'input-offset=' 'search=' 'trials=' 'trial-seed=' 'records=' 'min-epochs=' 'reduction=' 'recipe=' 'json' 'threads=' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'calibrate'
            __fm-train_parse_subcommand 2 'classes=' 'o/output=' 'views=' 'manifest=' 'votes=' 'votes-weight=' 'votes-rename=' 'cache=' 'strict' 'standardize' 'no-standardize' 'input-scale=' 'input-offset=' 'threads=' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'quantize'
            __fm-train_parse_subcommand 1 'classes=' 'o/output=' 'calibration=' 'evaluate=' 'pictures=' 'seed=' 'standardize' 'no-standardize' 'input-scale=' 'input-offset=' 'threads=' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'export'
            __fm-train_parse_subcommand 1 'classes=' 'o/output=' 'half' 'optimizer' 'no-optimizer' 'q/quiet' 'verbose' 'version' 'h/help'
        case 'show'
            __fm-train_parse_subcommand 1 'classes=' 'json' 'q/quiet' 'verbose' 'version' 'h/help'
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
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'evaluate' -d 'Evaluate a model on the pictures of a folder.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'tune' -d 'Search for hyper-parameters, and keep the best model.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'calibrate' -d 'Calibrate a model\'s confidence by temperature scaling.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'quantize' -d 'Calibrate a model for 8-bit integers and measure the accuracy of each precision.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'export' -d 'Write a copy of a model for shipping.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'show' -d 'Print a model\'s layers, classes, history and recipe.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'compare' -d 'Compare the reports of several trainings.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_positional "fm-train" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" v validation' -l 'validation' -s 'v' -d 'Class folders of pictures to validate with.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" validation-split' -l 'validation-split' -d 'Set this fraction of each class aside to validate with.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" manifest' -l 'manifest' -d 'Read filename,label from a file; if it does not exist, write it from the folders first.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" votes' -l 'votes' -d 'Columns of the manifest with this prefix are votes for the classes.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" votes-weight' -l 'votes-weight' -d 'Weight of the votes in the training target; the label gets the rest.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" votes-rename' -l 'votes-rename' -d 'Map vote column names to class names, such as happiness=happy,anger=angry.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" cache' -l 'cache' -d 'Keep decoded pictures in a file, so that the next start is fast.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" strict' -l 'strict' -d 'Fail on the first picture that cannot be read, instead of skipping it.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" architecture' -l 'architecture' -d 'A network made here (default: classic).' -rfka 'classic compact'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" from' -l 'from' -d 'Begin with the architecture and the weights of a Keras model.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" from-scratch' -l 'from-scratch' -d 'Use only the architecture of the --from model, with fresh weights.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" filters' -l 'filters' -d 'Filters of each convolution (classic) or block (compact): 128,256,512 or 32,64,128,256.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" kernels' -l 'kernels' -d 'Kernel size per convolution or block; the last value is repeated (default: 9,6,3 for classic, 3 for compact).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" dense-units' -l 'dense-units' -d 'Units of the dense layers before the last: 128,64 (classic).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" dropout' -l 'dropout' -d 'Rate of the dropout layers, 0 for none (default: 0.5, compact 0.3).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" initializer' -l 'initializer' -d 'How kernels are initialized: glorot_uniform, glorot_normal, he_normal, he_uniform, lecun_normal, lecun_uniform.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" size' -l 'size' -d 'Resize pictures to this side in pixels (default: 48).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" e epochs' -l 'epochs' -s 'e' -d 'Number of epochs (default: 16).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" batch-size' -l 'batch-size' -d 'Batch size (default: 32).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" optimizer' -l 'optimizer' -d 'The optimizer (default: adam).' -rfka 'adam adamw sgd'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" learning-rate' -l 'learning-rate' -d 'Peak learning rate (default: 0.001; 0.01 for sgd).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" schedule' -l 'schedule' -d 'Learning rate schedule: constant, cosine to 0, step down, or down on a plateau (default: constant).' -rfka 'constant cosine step plateau'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" warm-up' -l 'warm-up' -d 'Epochs in which the rate rises from 0 first (default: 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" step-epochs' -l 'step-epochs' -d 'Epochs between two steps of the schedule step (default: 10).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" factor' -l 'factor' -d 'Decay factor of the step and plateau schedules (default: 0.1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" patience' -l 'patience' -d 'Epochs without improvement before the plateau schedule lowers the rate (default: 10).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" weight-decay' -l 'weight-decay' -d 'Decoupled weight decay of all weights, as Keras\'s weight_decay.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" l2' -l 'l2' -d 'Decay of kernels as a part of the loss\'s gradient.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" momentum' -l 'momentum' -d 'Momentum of sgd, Nesterov\'s (default: 0.9).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" clip-norm' -l 'clip-norm' -d 'Scale gradients so that their norm is at most this.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" label-smoothing' -l 'label-smoothing' -d 'Share of the target spread over all classes (default: 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" class-weights' -l 'class-weights' -d 'Weights of classes in the loss, 1 for those not named; in quotes if with a comma (default: none).' -rfka 'none balanced'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" average' -l 'average' -d 'Keep a moving average of the weights, with this momentum, and use it.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" early-stopping' -l 'early-stopping' -d 'Stop after this many epochs without improvement in validation accuracy.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" precision' -l 'precision' -d 'Numbers to compute with; weights stay f32 (default: f32). auto is bf16 where the processor has it.' -rfka 'f32 bf16 auto'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" seed' -l 'seed' -d 'Random seed (default: 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" flip' -l 'flip' -d 'Mirror every other picture.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" no-flip' -l 'no-flip' -d 'Mirror every other picture.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" rotation' -l 'rotation' -d 'Rotate pictures by up to this angle to either side.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" zoom' -l 'zoom' -d 'Zoom by factors from 1 - f to 1 + f.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" shift' -l 'shift' -d 'Shift by up to this fraction of the side.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" brightness' -l 'brightness' -d 'Multiply brightness by factors from 1 - f to 1 + f.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" contrast' -l 'contrast' -d 'Multiply contrast by factors from 1 - f to 1 + f.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" erasing' -l 'erasing' -d 'Paint a random rectangle over, with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" blur' -l 'blur' -d 'Blur, with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" downscale' -l 'downscale' -d 'Downscale and re-upscale, with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" mixup' -l 'mixup' -d 'Mix pictures in pairs, with weights of the beta distribution.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" crop' -l 'crop' -d 'Train on random parts of this side in pixels, evaluate on the middle ones.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" margin' -l 'margin' -d 'Margin that fm-classify adds around a face\'s box (default: what --crop takes away, negative).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" standardize' -l 'standardize' -d 'Bring each picture to mean 0 and deviation 1.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" no-standardize' -l 'no-standardize' -d 'Bring each picture to mean 0 and deviation 1.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" input-scale' -l 'input-scale' -d 'An input of the network is pixel * s + o; this is s (default: the model file\'s, else 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" input-offset' -l 'input-offset' -d 'An input of the network is pixel * s + o; this is o (default: the model file\'s, else 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" recipe' -l 'recipe' -d 'Read hyper-parameters from a JSON file; options take precedence over it.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" continue' -l 'continue' -d 'Train a finished model further, for --epochs more epochs.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" restart' -l 'restart' -d 'Discard the checkpoint, and a finished model, and start over.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" checkpoint-minutes' -l 'checkpoint-minutes' -d 'Minutes between checkpoints, besides those after each epoch.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" classes' -l 'classes' -d 'Class names in the order of the outputs, if a model file does not have them; in quotes if with a comma.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" report' -l 'report' -d 'Write the report into this folder (default: the model\'s name with .report).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" no-report' -l 'no-report' -d 'Write no report.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" json' -l 'json' -d 'Print NDJSON on standard output: one JSON object a line.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" threads' -l 'threads' -d 'Work with this many threads; 0 is one for each processor.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" verbose' -l 'verbose' -d 'Print more about what is done.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train fit" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" classes' -l 'classes' -d 'Class names in the order of the outputs, if a model file does not have them; in quotes if with a comma.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" views' -l 'views' -d 'Parts of each picture to average over; single is what fm-classify does.' -rfka 'single flip ten-crop'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" precision' -l 'precision' -d 'Numbers to compute with; auto is what fm-classify chooses.' -rfka 'auto f32 bf16 int8'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" downscale' -l 'downscale' -d 'Downscale each picture to this side and back first, to test on small faces.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" blur' -l 'blur' -d 'Blur each picture first, with a Gaussian of this deviation in pixels.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" manifest' -l 'manifest' -d 'Read filename,label from a file; if it does not exist, write it from the folders first.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" votes' -l 'votes' -d 'Columns of the manifest with this prefix are votes for the classes.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" votes-weight' -l 'votes-weight' -d 'Weight of the votes in the training target; the label gets the rest.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" votes-rename' -l 'votes-rename' -d 'Map vote column names to class names, such as happiness=happy,anger=angry.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" cache' -l 'cache' -d 'Keep decoded pictures in a file, so that the next start is fast.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" strict' -l 'strict' -d 'Fail on the first picture that cannot be read, instead of skipping it.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" standardize' -l 'standardize' -d 'Bring each picture to mean 0 and deviation 1.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" no-standardize' -l 'no-standardize' -d 'Bring each picture to mean 0 and deviation 1.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" input-scale' -l 'input-scale' -d 'An input of the network is pixel * s + o; this is s (default: the model file\'s, else 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" input-offset' -l 'input-offset' -d 'An input of the network is pixel * s + o; this is o (default: the model file\'s, else 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" report' -l 'report' -d 'Write a report with figures into this folder.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" json' -l 'json' -d 'Print the report as JSON.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" threads' -l 'threads' -d 'Work with this many threads; 0 is one for each processor.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" verbose' -l 'verbose' -d 'Print more about what is done.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train evaluate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" v validation' -l 'validation' -s 'v' -d 'Class folders of pictures to validate with.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" validation-split' -l 'validation-split' -d 'Set this fraction of each class aside to validate with.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" manifest' -l 'manifest' -d 'Read filename,label from a file; if it does not exist, write it from the folders first.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" votes' -l 'votes' -d 'Columns of the manifest with this prefix are votes for the classes.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" votes-weight' -l 'votes-weight' -d 'Weight of the votes in the training target; the label gets the rest.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" votes-rename' -l 'votes-rename' -d 'Map vote column names to class names, such as happiness=happy,anger=angry.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" cache' -l 'cache' -d 'Keep decoded pictures in a file, so that the next start is fast.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" strict' -l 'strict' -d 'Fail on the first picture that cannot be read, instead of skipping it.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" architecture' -l 'architecture' -d 'A network made here (default: classic).' -rfka 'classic compact'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" from' -l 'from' -d 'Begin with the architecture and the weights of a Keras model.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" from-scratch' -l 'from-scratch' -d 'Use only the architecture of the --from model, with fresh weights.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" filters' -l 'filters' -d 'Filters of each convolution (classic) or block (compact): 128,256,512 or 32,64,128,256.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" kernels' -l 'kernels' -d 'Kernel size per convolution or block; the last value is repeated (default: 9,6,3 for classic, 3 for compact).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" dense-units' -l 'dense-units' -d 'Units of the dense layers before the last: 128,64 (classic).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" dropout' -l 'dropout' -d 'Rate of the dropout layers, 0 for none (default: 0.5, compact 0.3).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" initializer' -l 'initializer' -d 'How kernels are initialized: glorot_uniform, glorot_normal, he_normal, he_uniform, lecun_normal, lecun_uniform.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" size' -l 'size' -d 'Resize pictures to this side in pixels (default: 48).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" e epochs' -l 'epochs' -s 'e' -d 'Number of epochs (default: 16).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" batch-size' -l 'batch-size' -d 'Batch size (default: 32).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" optimizer' -l 'optimizer' -d 'The optimizer (default: adam).' -rfka 'adam adamw sgd'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" learning-rate' -l 'learning-rate' -d 'Peak learning rate (default: 0.001; 0.01 for sgd).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" schedule' -l 'schedule' -d 'Learning rate schedule: constant, cosine to 0, step down, or down on a plateau (default: constant).' -rfka 'constant cosine step plateau'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" warm-up' -l 'warm-up' -d 'Epochs in which the rate rises from 0 first (default: 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" step-epochs' -l 'step-epochs' -d 'Epochs between two steps of the schedule step (default: 10).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" factor' -l 'factor' -d 'Decay factor of the step and plateau schedules (default: 0.1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" patience' -l 'patience' -d 'Epochs without improvement before the plateau schedule lowers the rate (default: 10).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" weight-decay' -l 'weight-decay' -d 'Decoupled weight decay of all weights, as Keras\'s weight_decay.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" l2' -l 'l2' -d 'Decay of kernels as a part of the loss\'s gradient.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" momentum' -l 'momentum' -d 'Momentum of sgd, Nesterov\'s (default: 0.9).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" clip-norm' -l 'clip-norm' -d 'Scale gradients so that their norm is at most this.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" label-smoothing' -l 'label-smoothing' -d 'Share of the target spread over all classes (default: 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" class-weights' -l 'class-weights' -d 'Weights of classes in the loss, 1 for those not named; in quotes if with a comma (default: none).' -rfka 'none balanced'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" average' -l 'average' -d 'Keep a moving average of the weights, with this momentum, and use it.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" early-stopping' -l 'early-stopping' -d 'Stop after this many epochs without improvement in validation accuracy.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" precision' -l 'precision' -d 'Numbers to compute with; weights stay f32 (default: f32). auto is bf16 where the processor has it.' -rfka 'f32 bf16 auto'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" seed' -l 'seed' -d 'Random seed (default: 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" flip' -l 'flip' -d 'Mirror every other picture.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" no-flip' -l 'no-flip' -d 'Mirror every other picture.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" rotation' -l 'rotation' -d 'Rotate pictures by up to this angle to either side.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" zoom' -l 'zoom' -d 'Zoom by factors from 1 - f to 1 + f.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" shift' -l 'shift' -d 'Shift by up to this fraction of the side.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" brightness' -l 'brightness' -d 'Multiply brightness by factors from 1 - f to 1 + f.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" contrast' -l 'contrast' -d 'Multiply contrast by factors from 1 - f to 1 + f.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" erasing' -l 'erasing' -d 'Paint a random rectangle over, with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" blur' -l 'blur' -d 'Blur, with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" downscale' -l 'downscale' -d 'Downscale and re-upscale, with this probability.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" mixup' -l 'mixup' -d 'Mix pictures in pairs, with weights of the beta distribution.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" crop' -l 'crop' -d 'Train on random parts of this side in pixels, evaluate on the middle ones.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" margin' -l 'margin' -d 'Margin that fm-classify adds around a face\'s box (default: what --crop takes away, negative).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" standardize' -l 'standardize' -d 'Bring each picture to mean 0 and deviation 1.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" no-standardize' -l 'no-standardize' -d 'Bring each picture to mean 0 and deviation 1.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" input-scale' -l 'input-scale' -d 'An input of the network is pixel * s + o; this is s (default: the model file\'s, else 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" input-offset' -l 'input-offset' -d 'An input of the network is pixel * s + o; this is o (default: the model file\'s, else 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" search' -l 'search' -d 'Search space as a JSON file (default: built in).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" trials' -l 'trials' -d 'Number of trials.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" trial-seed' -l 'trial-seed' -d 'Which sequence of trials to draw.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" records' -l 'records' -d 'Append trials to this file (default: the model\'s name with .trials.ndjson).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" min-epochs' -l 'min-epochs' -d 'Epochs after which trials are first compared.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" reduction' -l 'reduction' -d 'Successive-halving factor: keep one trial in n.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" recipe' -l 'recipe' -d 'Read hyper-parameters that are not searched from a JSON file.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" json' -l 'json' -d 'Print the trials\' records on standard output: NDJSON.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" threads' -l 'threads' -d 'Work with this many threads; 0 is one for each processor.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" verbose' -l 'verbose' -d 'Print more about what is done.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train tune" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" classes' -l 'classes' -d 'Class names in the order of the outputs, if a model file does not have them; in quotes if with a comma.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" o output' -l 'output' -s 'o' -d 'Write the model to this .keras file, and leave the original as it is.' -rF
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" views' -l 'views' -d 'Parts of each picture to average over; single is what fm-classify does.' -rfka 'single flip ten-crop'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" manifest' -l 'manifest' -d 'Read filename,label from a file; if it does not exist, write it from the folders first.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" votes' -l 'votes' -d 'Columns of the manifest with this prefix are votes for the classes.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" votes-weight' -l 'votes-weight' -d 'Weight of the votes in the training target; the label gets the rest.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" votes-rename' -l 'votes-rename' -d 'Map vote column names to class names, such as happiness=happy,anger=angry.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" cache' -l 'cache' -d 'Keep decoded pictures in a file, so that the next start is fast.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" strict' -l 'strict' -d 'Fail on the first picture that cannot be read, instead of skipping it.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" standardize' -l 'standardize' -d 'Bring each picture to mean 0 and deviation 1.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" no-standardize' -l 'no-standardize' -d 'Bring each picture to mean 0 and deviation 1.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" input-scale' -l 'input-scale' -d 'An input of the network is pixel * s + o; this is s (default: the model file\'s, else 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" input-offset' -l 'input-offset' -d 'An input of the network is pixel * s + o; this is o (default: the model file\'s, else 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" threads' -l 'threads' -d 'Work with this many threads; 0 is one for each processor.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" verbose' -l 'verbose' -d 'Print more about what is done.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train calibrate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" classes' -l 'classes' -d 'Class names in the order of the outputs, if a model file does not have them; in quotes if with a comma.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" o output' -l 'output' -s 'o' -d 'Write the model to this .keras file, and leave the original as it is.' -rF
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" calibration' -l 'calibration' -d 'Pictures of faces, in a folder for each class; or without classes, for ranges alone.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" evaluate' -l 'evaluate' -d 'Measure the accuracy on these pictures instead, in a folder for each class.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" pictures' -l 'pictures' -d 'Take the ranges from this many pictures.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" seed' -l 'seed' -d 'Random seed of the choice of those pictures.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" standardize' -l 'standardize' -d 'Bring each picture to mean 0 and deviation 1.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" no-standardize' -l 'no-standardize' -d 'Bring each picture to mean 0 and deviation 1.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" input-scale' -l 'input-scale' -d 'An input of the network is pixel * s + o; this is s (default: the model file\'s, else 1).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" input-offset' -l 'input-offset' -d 'An input of the network is pixel * s + o; this is o (default: the model file\'s, else 0).' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" threads' -l 'threads' -d 'Work with this many threads; 0 is one for each processor.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" verbose' -l 'verbose' -d 'Print more about what is done.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train quantize" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" classes' -l 'classes' -d 'Class names in the order of the outputs, if a model file does not have them; in quotes if with a comma.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" o output' -l 'output' -s 'o' -d 'The Keras file to write: NAME.keras.' -rF
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" half' -l 'half' -d 'Store kernels as IEEE 754 binary16, in half the bytes.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" optimizer' -l 'optimizer' -d 'Keep the optimizer\'s state and how the model was compiled, so that training can continue.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" no-optimizer' -l 'no-optimizer' -d 'Keep the optimizer\'s state and how the model was compiled, so that training can continue.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" verbose' -l 'verbose' -d 'Print more about what is done.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train show" classes' -l 'classes' -d 'Class names in the order of the outputs, if a model file does not have them; in quotes if with a comma.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train show" json' -l 'json' -d 'Print fm.json, the member of the file that holds all but layers and weights.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train show" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train show" verbose' -l 'verbose' -d 'Print more about what is done.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train show" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train compare" o output' -l 'output' -s 'o' -d 'Draw the curves of all in one figure, PNG or SVG.' -rfka ''
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train compare" json' -l 'json' -d 'Print NDJSON: one JSON object a report.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train compare" q quiet' -l 'quiet' -s 'q' -d 'Print errors only: no warnings, no progress.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train compare" verbose' -l 'verbose' -d 'Print more about what is done.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train compare" version' -l 'version' -d 'Show the version.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train compare" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'fm-train' -n '__fm-train_should_offer_completions_for_flags_or_options "fm-train help" version' -l 'version' -d 'Show the version.'
