#!/bin/bash

__fm-train_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__fm-train_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__fm-train_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__fm-train_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_fm-train() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __fm-train_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    fit|detector|evaluate|tune|calibrate|quantize|export|show|compare|help)
        # Offer subcommand argument completions
        "_fm-train_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        if [[ "${COMP_CWORD}" -eq 1 ]]; then
            COMPREPLY+=($(compgen -W 'fit detector evaluate tune calibrate quantize export show compare help' -- "${cur}"))
        else
            COMPREPLY=()
        fi
        # The subcommand fit may be left out
        unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")
        "_fm-train_fit"
        ;;
    esac
}

_fm-train_fit() {
    repeating_flags=()
    non_repeating_flags=(--strict --from-scratch --flip --no-flip --standardize --no-standardize --continue --restart --no-report --json --quiet -q --verbose --version -h --help)
    repeating_options=(--teacher)
    non_repeating_options=(--validation -v --validation-split --manifest --usage --votes --votes-weight --votes-rename --cache --architecture --from --filters --kernels --dense-units --dropout --initializer --size --epochs -e --batch-size --optimizer --learning-rate --schedule --warm-up --step-epochs --factor --patience --weight-decay --l2 --momentum --clip-norm --label-smoothing --class-weights --average --early-stopping --precision --seed --teacher-temperature --teacher-weight --rotation --zoom --shift --brightness --contrast --erasing --blur --downscale --detector-boxes --low-light --haze --compression --mixup --crop --margin --input-scale --input-offset --recipe --checkpoint-minutes --classes --report --threads)
    __fm-train_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--validation'|'-v')
        __fm-train_add_completions -o plusdirs -fX '!*.@(fm|csv)'
        return
        ;;
    '--validation-split')
        return
        ;;
    '--manifest')
        __fm-train_add_completions -o plusdirs -fX '!*.@(csv)'
        return
        ;;
    '--usage')
        return
        ;;
    '--votes')
        __fm-train_add_completions -o plusdirs -fX '!*.@(csv)'
        return
        ;;
    '--votes-weight')
        return
        ;;
    '--votes-rename')
        return
        ;;
    '--cache')
        __fm-train_add_completions -f
        return
        ;;
    '--architecture')
        __fm-train_add_completions -W 'classic'$'\n''compact'$'\n''compact-se'
        return
        ;;
    '--from')
        __fm-train_add_completions -W "$(__fm-train_custom_complete ---completion fit -- --from "${COMP_CWORD}" "$(__fm-train_cursor_index_in_current_word)")"
        return
        ;;
    '--filters')
        return
        ;;
    '--kernels')
        return
        ;;
    '--dense-units')
        return
        ;;
    '--dropout')
        return
        ;;
    '--initializer')
        return
        ;;
    '--size')
        return
        ;;
    '--epochs'|'-e')
        return
        ;;
    '--batch-size')
        return
        ;;
    '--optimizer')
        __fm-train_add_completions -W 'adam'$'\n''adamw'$'\n''sgd'
        return
        ;;
    '--learning-rate')
        return
        ;;
    '--schedule')
        __fm-train_add_completions -W 'constant'$'\n''cosine'$'\n''step'$'\n''plateau'
        return
        ;;
    '--warm-up')
        return
        ;;
    '--step-epochs')
        return
        ;;
    '--factor')
        return
        ;;
    '--patience')
        return
        ;;
    '--weight-decay')
        return
        ;;
    '--l2')
        return
        ;;
    '--momentum')
        return
        ;;
    '--clip-norm')
        return
        ;;
    '--label-smoothing')
        return
        ;;
    '--class-weights')
        __fm-train_add_completions -W 'none'$'\n''balanced'
        return
        ;;
    '--average')
        return
        ;;
    '--early-stopping')
        return
        ;;
    '--precision')
        __fm-train_add_completions -W 'f32'$'\n''bf16'$'\n''auto'
        return
        ;;
    '--seed')
        return
        ;;
    '--teacher')
        __fm-train_add_completions -W "$(__fm-train_custom_complete ---completion fit -- --teacher "${COMP_CWORD}" "$(__fm-train_cursor_index_in_current_word)")"
        return
        ;;
    '--teacher-temperature')
        return
        ;;
    '--teacher-weight')
        return
        ;;
    '--rotation')
        return
        ;;
    '--zoom')
        return
        ;;
    '--shift')
        return
        ;;
    '--brightness')
        return
        ;;
    '--contrast')
        return
        ;;
    '--erasing')
        return
        ;;
    '--blur')
        return
        ;;
    '--downscale')
        return
        ;;
    '--detector-boxes')
        return
        ;;
    '--low-light')
        return
        ;;
    '--haze')
        return
        ;;
    '--compression')
        return
        ;;
    '--mixup')
        return
        ;;
    '--crop')
        return
        ;;
    '--margin')
        return
        ;;
    '--input-scale')
        return
        ;;
    '--input-offset')
        return
        ;;
    '--recipe')
        __fm-train_add_completions -W "$(__fm-train_custom_complete ---completion fit -- --recipe "${COMP_CWORD}" "$(__fm-train_cursor_index_in_current_word)")"
        return
        ;;
    '--checkpoint-minutes')
        return
        ;;
    '--classes')
        return
        ;;
    '--report')
        __fm-train_add_completions -d
        return
        ;;
    '--threads')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __fm-train_add_completions -o plusdirs -fX '!*.@(keras)'
        return
        ;;
    2)
        __fm-train_add_completions -o plusdirs -fX '!*.@(fm|csv)'
        return
        ;;
    esac
}

_fm-train_detector() {
    repeating_flags=()
    non_repeating_flags=(--mirror --no-mirror --restart --no-report --json --quiet -q --verbose --version -h --help)
    repeating_options=()
    non_repeating_options=(--objects --backgrounds --leave-out --object --validation -v --boxes --from --filters --residuals --epochs -e --steps --batch-size --learning-rate --average --rotation --precision --held-out --trial-canvases --seed --review --snapshot --checkpoint-minutes --report --threads)
    __fm-train_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--objects')
        __fm-train_add_completions -d
        return
        ;;
    '--backgrounds')
        __fm-train_add_completions -d
        return
        ;;
    '--leave-out')
        __fm-train_add_completions -o plusdirs -fX '!*.@(csv)'
        return
        ;;
    '--object')
        return
        ;;
    '--validation'|'-v')
        __fm-train_add_completions -d
        return
        ;;
    '--boxes')
        __fm-train_add_completions -o plusdirs -fX '!*.@(csv|json)'
        return
        ;;
    '--from')
        __fm-train_add_completions -W "$(__fm-train_custom_complete ---completion detector -- --from "${COMP_CWORD}" "$(__fm-train_cursor_index_in_current_word)")"
        return
        ;;
    '--filters')
        return
        ;;
    '--residuals')
        return
        ;;
    '--epochs'|'-e')
        return
        ;;
    '--steps')
        return
        ;;
    '--batch-size')
        return
        ;;
    '--learning-rate')
        return
        ;;
    '--average')
        return
        ;;
    '--rotation')
        return
        ;;
    '--precision')
        __fm-train_add_completions -W 'f32'$'\n''bf16'$'\n''auto'
        return
        ;;
    '--held-out')
        return
        ;;
    '--trial-canvases')
        return
        ;;
    '--seed')
        return
        ;;
    '--review')
        __fm-train_add_completions -o plusdirs -fX '!*.@(png|svg)'
        return
        ;;
    '--snapshot')
        __fm-train_add_completions -o plusdirs -fX '!*.@(keras)'
        return
        ;;
    '--checkpoint-minutes')
        return
        ;;
    '--report')
        __fm-train_add_completions -d
        return
        ;;
    '--threads')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __fm-train_add_completions -o plusdirs -fX '!*.@(keras)'
        return
        ;;
    esac
}

_fm-train_evaluate() {
    repeating_flags=()
    non_repeating_flags=(--try-inputs --strict --standardize --no-standardize --json --quiet -q --verbose --version -h --help)
    repeating_options=()
    non_repeating_options=(--weights --classes --views --precision --downscale --blur --low-light --boxes --cascade -c --min-neighbors --turn --overlap --min-score --max-side --manifest --usage --votes --votes-weight --votes-rename --cache --input-scale --input-offset --report --threads)
    __fm-train_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--weights')
        __fm-train_add_completions -o plusdirs -fX '!*.@(h5|hdf5|keras)'
        return
        ;;
    '--classes')
        return
        ;;
    '--views')
        __fm-train_add_completions -W 'single'$'\n''flip'$'\n''ten-crop'
        return
        ;;
    '--precision')
        __fm-train_add_completions -W 'auto'$'\n''f32'$'\n''bf16'$'\n''int8'
        return
        ;;
    '--downscale')
        return
        ;;
    '--blur')
        return
        ;;
    '--low-light')
        return
        ;;
    '--boxes')
        __fm-train_add_completions -o plusdirs -fX '!*.@(csv|json)'
        return
        ;;
    '--cascade'|'-c')
        __fm-train_add_completions -o plusdirs -fX '!*.@(xml)'
        return
        ;;
    '--min-neighbors')
        return
        ;;
    '--turn')
        return
        ;;
    '--overlap')
        return
        ;;
    '--min-score')
        return
        ;;
    '--max-side')
        return
        ;;
    '--manifest')
        __fm-train_add_completions -o plusdirs -fX '!*.@(csv)'
        return
        ;;
    '--usage')
        return
        ;;
    '--votes')
        __fm-train_add_completions -o plusdirs -fX '!*.@(csv)'
        return
        ;;
    '--votes-weight')
        return
        ;;
    '--votes-rename')
        return
        ;;
    '--cache')
        __fm-train_add_completions -f
        return
        ;;
    '--input-scale')
        return
        ;;
    '--input-offset')
        return
        ;;
    '--report')
        __fm-train_add_completions -d
        return
        ;;
    '--threads')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __fm-train_add_completions -W "$(__fm-train_custom_complete ---completion evaluate -- positional@0 "${COMP_CWORD}" "$(__fm-train_cursor_index_in_current_word)")"
        return
        ;;
    2)
        __fm-train_add_completions -o plusdirs -fX '!*.@(fm|csv)'
        return
        ;;
    esac
}

_fm-train_tune() {
    repeating_flags=()
    non_repeating_flags=(--strict --from-scratch --flip --no-flip --standardize --no-standardize --json --quiet -q --verbose --version -h --help)
    repeating_options=(--teacher)
    non_repeating_options=(--validation -v --validation-split --manifest --usage --votes --votes-weight --votes-rename --cache --architecture --from --filters --kernels --dense-units --dropout --initializer --size --epochs -e --batch-size --optimizer --learning-rate --schedule --warm-up --step-epochs --factor --patience --weight-decay --l2 --momentum --clip-norm --label-smoothing --class-weights --average --early-stopping --precision --seed --teacher-temperature --teacher-weight --rotation --zoom --shift --brightness --contrast --erasing --blur --downscale --detector-boxes --low-light --haze --compression --mixup --crop --margin --input-scale --input-offset --search --trials --trial-seed --records --min-epochs --reduction --recipe --threads)
    __fm-train_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--validation'|'-v')
        __fm-train_add_completions -o plusdirs -fX '!*.@(fm|csv)'
        return
        ;;
    '--validation-split')
        return
        ;;
    '--manifest')
        __fm-train_add_completions -o plusdirs -fX '!*.@(csv)'
        return
        ;;
    '--usage')
        return
        ;;
    '--votes')
        __fm-train_add_completions -o plusdirs -fX '!*.@(csv)'
        return
        ;;
    '--votes-weight')
        return
        ;;
    '--votes-rename')
        return
        ;;
    '--cache')
        __fm-train_add_completions -f
        return
        ;;
    '--architecture')
        __fm-train_add_completions -W 'classic'$'\n''compact'$'\n''compact-se'
        return
        ;;
    '--from')
        __fm-train_add_completions -W "$(__fm-train_custom_complete ---completion tune -- --from "${COMP_CWORD}" "$(__fm-train_cursor_index_in_current_word)")"
        return
        ;;
    '--filters')
        return
        ;;
    '--kernels')
        return
        ;;
    '--dense-units')
        return
        ;;
    '--dropout')
        return
        ;;
    '--initializer')
        return
        ;;
    '--size')
        return
        ;;
    '--epochs'|'-e')
        return
        ;;
    '--batch-size')
        return
        ;;
    '--optimizer')
        __fm-train_add_completions -W 'adam'$'\n''adamw'$'\n''sgd'
        return
        ;;
    '--learning-rate')
        return
        ;;
    '--schedule')
        __fm-train_add_completions -W 'constant'$'\n''cosine'$'\n''step'$'\n''plateau'
        return
        ;;
    '--warm-up')
        return
        ;;
    '--step-epochs')
        return
        ;;
    '--factor')
        return
        ;;
    '--patience')
        return
        ;;
    '--weight-decay')
        return
        ;;
    '--l2')
        return
        ;;
    '--momentum')
        return
        ;;
    '--clip-norm')
        return
        ;;
    '--label-smoothing')
        return
        ;;
    '--class-weights')
        __fm-train_add_completions -W 'none'$'\n''balanced'
        return
        ;;
    '--average')
        return
        ;;
    '--early-stopping')
        return
        ;;
    '--precision')
        __fm-train_add_completions -W 'f32'$'\n''bf16'$'\n''auto'
        return
        ;;
    '--seed')
        return
        ;;
    '--teacher')
        __fm-train_add_completions -W "$(__fm-train_custom_complete ---completion tune -- --teacher "${COMP_CWORD}" "$(__fm-train_cursor_index_in_current_word)")"
        return
        ;;
    '--teacher-temperature')
        return
        ;;
    '--teacher-weight')
        return
        ;;
    '--rotation')
        return
        ;;
    '--zoom')
        return
        ;;
    '--shift')
        return
        ;;
    '--brightness')
        return
        ;;
    '--contrast')
        return
        ;;
    '--erasing')
        return
        ;;
    '--blur')
        return
        ;;
    '--downscale')
        return
        ;;
    '--detector-boxes')
        return
        ;;
    '--low-light')
        return
        ;;
    '--haze')
        return
        ;;
    '--compression')
        return
        ;;
    '--mixup')
        return
        ;;
    '--crop')
        return
        ;;
    '--margin')
        return
        ;;
    '--input-scale')
        return
        ;;
    '--input-offset')
        return
        ;;
    '--search')
        __fm-train_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--trials')
        return
        ;;
    '--trial-seed')
        return
        ;;
    '--records')
        __fm-train_add_completions -o plusdirs -fX '!*.@(ndjson)'
        return
        ;;
    '--min-epochs')
        return
        ;;
    '--reduction')
        return
        ;;
    '--recipe')
        __fm-train_add_completions -W "$(__fm-train_custom_complete ---completion tune -- --recipe "${COMP_CWORD}" "$(__fm-train_cursor_index_in_current_word)")"
        return
        ;;
    '--threads')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __fm-train_add_completions -o plusdirs -fX '!*.@(keras)'
        return
        ;;
    2)
        __fm-train_add_completions -o plusdirs -fX '!*.@(fm|csv)'
        return
        ;;
    esac
}

_fm-train_calibrate() {
    repeating_flags=()
    non_repeating_flags=(--strict --standardize --no-standardize --quiet -q --verbose --version -h --help)
    repeating_options=()
    non_repeating_options=(--weights --classes --output -o --views --manifest --usage --votes --votes-weight --votes-rename --cache --input-scale --input-offset --threads)
    __fm-train_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--weights')
        __fm-train_add_completions -o plusdirs -fX '!*.@(h5|hdf5|keras)'
        return
        ;;
    '--classes')
        return
        ;;
    '--output'|'-o')
        __fm-train_add_completions -f
        return
        ;;
    '--views')
        __fm-train_add_completions -W 'single'$'\n''flip'$'\n''ten-crop'
        return
        ;;
    '--manifest')
        __fm-train_add_completions -o plusdirs -fX '!*.@(csv)'
        return
        ;;
    '--usage')
        return
        ;;
    '--votes')
        __fm-train_add_completions -o plusdirs -fX '!*.@(csv)'
        return
        ;;
    '--votes-weight')
        return
        ;;
    '--votes-rename')
        return
        ;;
    '--cache')
        __fm-train_add_completions -f
        return
        ;;
    '--input-scale')
        return
        ;;
    '--input-offset')
        return
        ;;
    '--threads')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __fm-train_add_completions -W "$(__fm-train_custom_complete ---completion calibrate -- positional@0 "${COMP_CWORD}" "$(__fm-train_cursor_index_in_current_word)")"
        return
        ;;
    2)
        __fm-train_add_completions -o plusdirs -fX '!*.@(fm|csv)'
        return
        ;;
    esac
}

_fm-train_quantize() {
    repeating_flags=()
    non_repeating_flags=(--standardize --no-standardize --quiet -q --verbose --version -h --help)
    repeating_options=()
    non_repeating_options=(--weights --classes --output -o --calibration --evaluate --pictures --seed --max-side --min-score --input-scale --input-offset --threads)
    __fm-train_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--weights')
        __fm-train_add_completions -o plusdirs -fX '!*.@(h5|hdf5|keras)'
        return
        ;;
    '--classes')
        return
        ;;
    '--output'|'-o')
        __fm-train_add_completions -f
        return
        ;;
    '--calibration')
        __fm-train_add_completions -o plusdirs -fX '!*.@(fm|csv)'
        return
        ;;
    '--evaluate')
        __fm-train_add_completions -o plusdirs -fX '!*.@(fm|csv)'
        return
        ;;
    '--pictures')
        return
        ;;
    '--seed')
        return
        ;;
    '--max-side')
        return
        ;;
    '--min-score')
        return
        ;;
    '--input-scale')
        return
        ;;
    '--input-offset')
        return
        ;;
    '--threads')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __fm-train_add_completions -W "$(__fm-train_custom_complete ---completion quantize -- positional@0 "${COMP_CWORD}" "$(__fm-train_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_fm-train_export() {
    repeating_flags=()
    non_repeating_flags=(--half --optimizer --no-optimizer --standardize --no-standardize --quiet -q --verbose --version -h --help)
    repeating_options=()
    non_repeating_options=(--weights --classes --output -o --input-scale --input-offset)
    __fm-train_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--weights')
        __fm-train_add_completions -o plusdirs -fX '!*.@(h5|hdf5|keras)'
        return
        ;;
    '--classes')
        return
        ;;
    '--output'|'-o')
        __fm-train_add_completions -f
        return
        ;;
    '--input-scale')
        return
        ;;
    '--input-offset')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __fm-train_add_completions -W "$(__fm-train_custom_complete ---completion export -- positional@0 "${COMP_CWORD}" "$(__fm-train_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_fm-train_show() {
    repeating_flags=()
    non_repeating_flags=(--json --quiet -q --verbose --version -h --help)
    repeating_options=()
    non_repeating_options=(--weights --classes)
    __fm-train_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--weights')
        __fm-train_add_completions -o plusdirs -fX '!*.@(h5|hdf5|keras)'
        return
        ;;
    '--classes')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __fm-train_add_completions -W "$(__fm-train_custom_complete ---completion show -- positional@0 "${COMP_CWORD}" "$(__fm-train_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_fm-train_compare() {
    repeating_flags=()
    non_repeating_flags=(--json --quiet -q --verbose --version -h --help)
    repeating_options=()
    non_repeating_options=(--output -o)
    __fm-train_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--output'|'-o')
        __fm-train_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __fm-train_add_completions -d
        return
        ;;
    esac
}

_fm-train_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __fm-train_offer_flags_options -1
}

complete -o filenames -F _fm-train fm-train
