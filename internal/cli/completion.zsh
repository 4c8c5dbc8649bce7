#compdef spade
# What zsh needs to complete the commands of spade. In ~/.zshrc, after compinit:
#
#	eval "$(spade completion zsh)"
#
# or as a file named _spade in a directory of fpath.

_spade() {
	local -a commands
	if (( CURRENT == 2 )); then
		commands=(
{{- range .Commands}}
			{{printf "%s:%s" .Name .About | quote}}
{{- end}}
		)
		_describe -t commands 'spade command' commands
		return
	fi
	shift words
	(( CURRENT-- ))
	case $words[1] in
{{- range .Commands}}
	{{.Name}})
{{- if eq .Name "go"}}
		if (( $+_comps[go] )); then
			_normal
		elif (( CURRENT == 2 )); then
			commands=(${(f)"$({{$.GoCommands}})"})
			_describe -t commands 'go command' commands
		else
			_files
		fi
{{- else if not (or .Flags .Words .Files)}}
		_message 'nothing is known of what follows'
{{- else}}
		_arguments
{{- range .Flags}} '{{if .Repeats}}*{{end}}-{{.Name}}{{if eq .Value "file"}}:file:_files{{else if eq .Value "text"}}:value: {{end}}'{{end}}
{{- if .Words}} '1:{{.Name}}:({{join .Words " "}})'{{end}}
{{- if .Files}} '*:file:_files'{{end}}
{{- end}} ;;
{{- end}}
	esac
}

if [[ $funcstack[1] == _spade ]]; then # loaded from a directory of fpath, by the first completion
	_spade "$@"
else
	compdef _spade spade
fi
