// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"fmt"
	"go/doc/comment"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// writeMan writes the manual as a man page, in the macros of man(7). The manual starts with a sentence on "Spade" and the list of
// commands, which become NAME and SYNOPSIS.
func writeMan(w io.Writer, manual, version string) error {
	var parser comment.Parser
	blocks := parser.Parse(manual).Content
	var p manPage
	p.line(`.\" Written by spade help -man. Don't edit it.`)
	p.line(`.TH SPADE 1 "" "spade %s" "User Commands"`, manText(version))
	if len(blocks) > 1 {
		summary, isText := blocks[0].(*comment.Paragraph)
		list, isCode := blocks[1].(*comment.Code)
		if isText && isCode {
			p.line(".SH NAME")
			sentence := strings.ReplaceAll(plain(summary.Text), "\n", " ")
			p.line(`spade \- %s`, manText(strings.TrimSuffix(strings.TrimPrefix(sentence, "Spade "), ".")))
			p.line(".SH SYNOPSIS")
			p.code(list.Text)
			p.section(".SH DESCRIPTION")
			blocks = blocks[2:]
		}
	}
	for _, b := range blocks {
		p.block(b)
	}
	_, err := io.WriteString(w, p.text.String())
	return err
}

// A manPage is a man page that is being written.
type manPage struct {
	text     strings.Builder
	commands bool // the sections are those on commands
	begun    bool // a section has, with no paragraph in it yet
}

func (p *manPage) line(format string, args ...any) {
	fmt.Fprintf(&p.text, format+"\n", args...)
}

func (p *manPage) section(format string, args ...any) {
	p.line(format, args...)
	p.begun = true
}

// paragraph starts one. The first of a section has been started by that.
func (p *manPage) paragraph() {
	if !p.begun {
		p.line(".PP")
	}
	p.begun = false
}

func (p *manPage) block(b comment.Block) {
	switch b := b.(type) {
	case *comment.Heading:
		p.heading(plain(b.Text))
	case *comment.Paragraph:
		p.paragraph()
		p.prose(plain(b.Text))
	case *comment.Code:
		p.paragraph()
		p.code(b.Text)
	case *comment.List:
		p.begun = false
		for _, item := range b.Items {
			p.line(`.IP \(bu 2`)
			for _, part := range item.Content {
				if paragraph, ok := part.(*comment.Paragraph); ok { // an item has nothing else
					p.prose(plain(paragraph.Text))
				}
			}
		}
	}
}

// heading starts a section. Those on commands are put together under one.
func (p *manPage) heading(title string) {
	if !strings.HasPrefix(title, "spade ") {
		p.commands = false
		p.section(`.SH "%s"`, manText(strings.ToUpper(title)))
		return
	}
	if !p.commands {
		p.commands = true
		p.line(".SH COMMANDS")
	}
	p.section(`.SS "%s"`, manText(title))
}

func (p *manPage) prose(text string) {
	for line := range strings.Lines(text) {
		p.line("%s", manLine(manText(strings.TrimSuffix(line, "\n"))))
	}
}

// code leaves lines as they are.
func (p *manPage) code(text string) {
	p.line(".RS 4")
	p.line(".nf")
	for line := range strings.Lines(text) {
		p.line("%s", manLine(manCode(strings.TrimSuffix(line, "\n"))))
	}
	p.line(".fi")
	p.line(".RE")
}

// plain returns the text of what a doc comment has in a paragraph or a heading.
func plain(text []comment.Text) string {
	var b strings.Builder
	for _, t := range text {
		switch t := t.(type) {
		case comment.Plain:
			b.WriteString(string(t))
		case comment.Italic:
			b.WriteString(string(t))
		case *comment.Link:
			b.WriteString(plain(t.Text))
		case *comment.DocLink:
			b.WriteString(plain(t.Text))
		}
	}
	return b.String()
}

// A typedFlag is a flag in a text: its hyphens have to stay the ones that are typed.
var typedFlag = regexp.MustCompile(`(^|[\s(=\[])-[A-Za-z-]+`)

// manText escapes a piece of prose.
func manText(s string) string {
	return typedFlag.ReplaceAllStringFunc(escape(s), func(flag string) string { return strings.ReplaceAll(flag, "-", `\-`) })
}

// manCode escapes a line that is to look as it is typed.
func manCode(s string) string {
	return strings.NewReplacer("-", `\-`, "'", `\(aq`).Replace(escape(s))
}

// escape replaces what roff would take for something else, and letters that are not ASCII.
func escape(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "^", `\(ha`, "~", `\(ti`, "`", `\(ga`, `"`, `\(dq`).Replace(s)
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\[u%04X]`, r)
		}
	}
	return b.String()
}

// manLine keeps a line from being taken for a request.
func manLine(s string) string {
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		return `\&` + s
	}
	return s
}
