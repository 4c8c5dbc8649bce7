# What fish needs to complete the commands of spade. In ~/.config/fish/config.fish:
#
#	spade completion fish | source

function __spade_no_command
	test (count (commandline -opc)) -eq 1
end

function __spade_command
	set -l words (commandline -opc)
	test (count $words) -gt 1; and test $words[2] = $argv[1]
end

# __spade_go completes the rest of the line as the completion of go does, if there is one.
function __spade_go
	set -l words (commandline -opc)
	complete -C (string join ' ' -- (string escape -- $words[2..-1]) (commandline -ct))
	if test (count $words) -eq 2; and test (complete -c go | count) -eq 0
		{{.GoCommands}}
	end
end

complete -c spade -f
{{- range .Commands}}
{{- $here := printf "complete -c spade -n '__spade_command %s'" .Name}}
complete -c spade -n __spade_no_command -a {{.Name}} -d {{quote .About}}
{{- if eq .Name "go"}}
{{$here}} -a '(__spade_go)'
{{- end}}
{{- range .Flags}}
{{$here}} -o {{.Name}}{{if eq .Value "file"}} -rF{{else if eq .Value "text"}} -x{{end}}
{{- end}}
{{- if .Words}}
{{$here}} -a '{{join .Words " "}}'
{{- end}}
{{- if .Files}}
{{$here}} -F
{{- end}}
{{- end}}
