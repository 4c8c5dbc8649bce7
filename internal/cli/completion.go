// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"bytes"
	"embed"
	"flag"
	"io"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/spadego/spade/internal/lab"
)

// The scripts are templates; what they complete comes from the table of subcommands and from the manual.
//
//go:embed completion.bash completion.fish completion.zsh
var completionFiles embed.FS

// goCommands is for POSIX shells and fish: it prints the go command's subcommands, a line each.
const goCommands = `GOTOOLCHAIN=local go help 2>/dev/null | sed -n '/^The commands/,/^Use/s/^[[:blank:]]\{1,\}\([a-z]\{1,\}\)[[:blank:]].*/\1/p'`

// A completed subcommand is one as the scripts see it.
type completed struct {
	Name  string
	About string // what the manual says of it, in one line
	Flags []completedFlag
	Words []string
	Files bool
}

// A completedFlag is a flag of a subcommand. Value is what follows it: "file", "text", or "" for nothing.
type completedFlag struct {
	Name, Value string
	Repeats     bool
}

// completion is "spade completion SHELL".
func (c *Command) completion(args []string) (int, error) {
	shells := shellNames(c)
	if len(args) != 1 || !slices.Contains(shells, args[0]) {
		return 0, &usageError{"completion", "name one shell: " + strings.Join(shells, ", ")}
	}
	script, err := template.New("").Funcs(template.FuncMap{"join": strings.Join, "quote": quoteForShell}).ParseFS(completionFiles, "completion."+args[0])
	if err != nil {
		return 0, err
	}
	return exitOK, script.ExecuteTemplate(c.Stdout, "completion."+args[0], struct {
		Commands   []completed
		GoCommands string
	}{c.completedCommands(), goCommands})
}

func shellNames(*Command) []string { return []string{"bash", "fish", "zsh"} }

func (c *Command) completedCommands() []completed {
	manual := c.manual()
	var list []completed
	for _, s := range subcommands() {
		one := completed{Name: s.name, About: about(manual, s.name), Files: s.files}
		if s.flags != nil {
			flags := flag.NewFlagSet(s.name, flag.ContinueOnError)
			s.flags(flags)
			flags.VisitAll(func(f *flag.Flag) { one.Flags = append(one.Flags, completeFlag(f)) })
		}
		if s.words != nil {
			for _, word := range s.words(c) {
				if name, isFlag := strings.CutPrefix(word, "-"); isFlag {
					one.Flags = append(one.Flags, completedFlag{Name: name})
				} else {
					one.Words = append(one.Words, word)
				}
			}
		}
		list = append(list, one)
	}
	return list
}

// completeFlag takes every text that a flag of ours has for the name of a file: so it is.
func completeFlag(f *flag.Flag) completedFlag {
	switch kind, _ := flag.UnquoteUsage(f); kind {
	case "":
		return completedFlag{Name: f.Name}
	case "string":
		return completedFlag{Name: f.Name, Value: "file"}
	case "value": // flag.Func
		return completedFlag{Name: f.Name, Value: "file", Repeats: true}
	}
	return completedFlag{Name: f.Name, Value: "text"}
}

// about returns what the list of commands at the top of the manual says of one.
func about(manual, name string) string {
	manual, _, _ = strings.Cut(manual, "\n# ")
	line := regexp.MustCompile(`(?m)^\tspade ` + name + `\b.*? {2,}(.*)$`).FindStringSubmatch(manual)
	if line == nil {
		return ""
	}
	return line[1]
}

// A labWord is a command or a flag in the manual of spade lab.
var labWord = regexp.MustCompile(`(?m)^\tspade lab ([a-z]+)|^\t(-[a-z]+)`)

// labWords returns the lab's commands and flags.
func labWords(*Command) []string {
	var manual bytes.Buffer
	lab.Main([]string{"help"}, nil, &manual, io.Discard)
	words := []string{"help"}
	for _, m := range labWord.FindAllStringSubmatch(manual.String(), -1) {
		if word := m[1] + m[2]; !slices.Contains(words, word) { // an example repeats one
			words = append(words, word)
		}
	}
	return words
}
