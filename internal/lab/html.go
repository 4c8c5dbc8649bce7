// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"path/filepath"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// A pageView is what the page for a browser shows.
type pageView struct {
	Title    string
	Versions []versionView
	Claims   []claimView
	Sources  []sourceView
}

type versionView struct {
	Go       string
	Setting  []settingView
	Tables   []tableView
	Ladders  []ladder
	Curves   []curve
	Families []family
	Notes    []string
}

type settingView struct{ Key, Value string }

type tableView struct {
	Title   string
	Heading []string
	Rows    [][]string
}

type claimView struct {
	ID, Text, From, Verdict, Class, Rest string
	Opinions                             []opinionView
	Commands                             []string
}

type opinionView struct{ Go, Verdict, Value, Why string }

// A sourceView is a file of samples, with a link that holds it.
type sourceView struct {
	Name, File string
	Size       string
	Link       template.URL
}

// writeHTML writes all results as one page that needs nothing else: no script, no network.
func writeHTML(w io.Writer, r results, sources []source) error {
	view := pageView{Title: "spade lab"}
	sheets := r.sheets()
	for _, s := range sheets {
		view.Versions = append(view.Versions, s.view())
	}
	for _, c := range claims {
		view.Claims = append(view.Claims, c.view(sheets))
	}
	for _, s := range sources {
		view.Sources = append(view.Sources, sourceView{
			Name: s.name, File: filepath.Base(s.name), Size: quantity(float64(len(s.text)), "file-bytes"),
			Link: template.URL("data:text/plain;charset=utf-8;base64," + base64.StdEncoding.EncodeToString(s.text)),
		})
	}
	return page.Execute(w, view)
}

func (s *sheet) view() versionView {
	v := versionView{Go: s.version, Ladders: s.ladders(), Curves: s.curves(), Families: s.families()}
	for _, key := range s.setting.keys {
		v.Setting = append(v.Setting, settingView{key, s.setting.values[key]})
	}
	for _, t := range s.tables() {
		v.Tables = append(v.Tables, tableView{t.title, t.rows[0], t.rows[1:]})
	}
	for _, note := range s.notes() {
		v.Notes = append(v.Notes, note.String())
	}
	return v
}

// verdictClass names how a verdict is coloured.
var verdictClass = map[verdict]string{holds: "yes", holdsPartly: "part", fails: "no", undecided: "open", notMeasured: "open"}

func (c claim) view(sheets []*sheet) claimView {
	opinions := c.opinions(sheets)
	v := claimView{ID: c.id, Text: c.text, From: c.from, Rest: c.rest, Verdict: summary(opinions), Commands: c.commands()}
	for _, o := range opinions {
		v.Class = verdictClass[o.verdict]
		v.Opinions = append(v.Opinions, opinionView{o.version, o.finding.String(), o.value, o.why})
	}
	return v
}
