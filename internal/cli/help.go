// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"strings"
)

// helpFlags are the flags of "spade help".
type helpFlags struct{ man bool }

func (f *helpFlags) define(flags *flag.FlagSet) {
	flags.BoolVar(&f.man, "man", false, "")
}

// help is "spade help [-man] [TOPIC]".
func (c *Command) help(args []string) (int, error) {
	var f helpFlags
	words, err := parse("help", f.define, args)
	if err != nil {
		return 0, err
	}
	manual := c.manual()
	switch {
	case f.man && len(words) > 0:
		return 0, &usageError{"help", "-man prints the whole manual, and no topic of it"}
	case f.man:
		return exitOK, writeMan(c.Stdout, manual, ownVersion())
	case len(words) == 0:
		fmt.Fprint(c.Stdout, manual)
		return exitOK, nil
	}
	topic := strings.Join(words, " ")
	section := findSection(manual, topic)
	if section == "" {
		return 0, &usageError{"help", fmt.Sprintf("the manual has no section on %q; its sections are %s", topic, strings.Join(c.topics(), ", "))}
	}
	fmt.Fprint(c.Stdout, section)
	return exitOK, nil
}

// manual returns the text of the manual: the doc comment of the file in c.Manual.
func (c *Command) manual() string {
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", c.Manual, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil || file.Doc == nil {
		return "spade was built without its manual.\n"
	}
	return file.Doc.Text()
}

// synopsis returns the manual up to its first section.
func (c *Command) synopsis() string {
	text, _, _ := strings.Cut(c.manual(), "\n# ")
	return strings.TrimRight(text, "\n") + "\n\nRun spade help for the whole manual, spade help TOPIC for a part of it.\n"
}

// A section of the manual starts with a line "# Title", and its topic is the title's last word: "# spade verify" is on "verify".
func sections(manual string) []string {
	var found []string
	for _, part := range strings.Split("\n"+manual, "\n# ")[1:] {
		found = append(found, "# "+strings.TrimRight(part, "\n")+"\n")
	}
	return found
}

func topicOf(section string) string {
	title, _, _ := strings.Cut(strings.TrimPrefix(section, "# "), "\n")
	words := strings.Fields(title)
	return strings.ToLower(words[len(words)-1])
}

func findSection(manual, topic string) string {
	for _, s := range sections(manual) {
		if topicOf(s) == strings.ToLower(topic) {
			return s
		}
	}
	return ""
}

// topics lists the topics of the manual's sections.
func (c *Command) topics() []string {
	var list []string
	for _, s := range sections(c.manual()) {
		list = append(list, topicOf(s))
	}
	return list
}
