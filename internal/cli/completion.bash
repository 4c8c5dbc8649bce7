# What bash needs to complete the commands of spade. In ~/.bashrc:
#
#	eval "$(spade completion bash)"

_spade() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} flags= words= texts= paths= files= IFS=$' \t\n'
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		COMPREPLY=($(compgen -W '{{range .Commands}}{{.Name}} {{end}}' -- "$cur"))
		__spade_no_files
		return
	fi
	case ${COMP_WORDS[1]} in
{{- range .Commands}}
	{{.Name}}) {{if eq .Name "go"}}__spade_go; return ;;
{{- else}}flags='{{range .Flags}}-{{.Name}} {{end}}' words='{{join .Words " "}}' texts=' {{range .Flags}}{{if eq .Value "text"}}-{{.Name}} {{end}}{{end}}' paths=' {{range .Flags}}{{if eq .Value "file"}}-{{.Name}} {{end}}{{end}}' files={{if .Files}}yes{{end}} ;;{{end}}
{{- end}}
	*) return ;;
	esac
	# Without a reply bash completes the name of a file.
	if [[ $texts == *" $prev "* ]]; then
		__spade_no_files
	elif [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$flags" -- "$cur"))
		__spade_no_files
	else
		COMPREPLY=($(compgen -W "$words" -- "$cur"))
		[[ $files || $paths == *" $prev "* || $prev == = || $cur == = ]] || __spade_no_files
	fi
}

__spade_no_files() {
	compopt +o default 2>/dev/null
}

# __spade_go completes the rest of the line as the completion of go does, if there is one.
__spade_go() {
	local load i function= command= cur prev rest
	local -a spec
	for load in _comp_load __load_completion; do
		complete -p go &>/dev/null && break
		declare -F "$load" >/dev/null && "$load" go 2>/dev/null
	done
	eval "spec=($(complete -p go 2>/dev/null))"
	for ((i = 1; i < ${#spec[@]}; i++)); do
		case ${spec[i]} in
		-F) function=${spec[++i]} ;;
		-C) command=${spec[++i]} ;;
		-o) compopt -o "${spec[++i]}" 2>/dev/null ;;
		esac
	done
	rest=${COMP_LINE#*"${COMP_WORDS[0]}"}
	rest=${rest#"${rest%%[![:space:]]*}"}
	local -x COMP_POINT=$((COMP_POINT - ${#COMP_LINE} + ${#rest})) COMP_LINE=$rest
	local -a COMP_WORDS=("${COMP_WORDS[@]:1}")
	local COMP_CWORD=$((COMP_CWORD - 1))
	cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	if [[ $function ]]; then
		"$function" go "$cur" "$prev"
	elif [[ $command ]]; then
		while IFS= read -r rest; do
			COMPREPLY+=("$rest")
		done < <(eval "$command"' go "$cur" "$prev"')
	elif ((COMP_CWORD == 1)); then
		COMPREPLY=($(compgen -W "$({{.GoCommands}})" -- "$cur"))
		__spade_no_files
	fi
}

complete -o default -F _spade spade
