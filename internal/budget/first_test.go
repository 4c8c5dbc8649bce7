// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package budget

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

func TestFirst(t *testing.T) {
	p := program()
	p.Entries = append(p.Entries, &finding.Entry{Name: "gopkg.in/yaml%2ev3.run", Kind: finding.KindGo, Status: finding.Exact, Bound: 1024})
	first := First([]Program{p}, []string{"/src/m"}, "shop")
	if list := `"status": ["exact", "upper bound", "lower bound"]`; !strings.Contains(string(first), list) {
		t.Errorf("no %s in\n%s", list, first)
	}
	var got []string
	f, err := Read("spade.json", first)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range f.Budgets {
		var list []string
		for _, s := range b.Status {
			list = append(list, string(s))
		}
		got = append(got, strings.Join([]string{b.Entries, amount(b.Bytes), amount(b.Growths), b.Team, strings.Join(list, "+")}, " "))
	}
	const want = `? in main.start 1024 0 shop exact+upper bound+lower bound
gopkg.in/yaml.v3 2048 0 shop exact+upper bound
main.each[...] 2048 0 shop exact+upper bound
main.main 2048 0 shop exact+upper bound
main.serve 4096 1 shop exact+upper bound
main.visit 1024 0 shop exact+upper bound+lower bound+unbounded
net/http 6144 2 shop exact+upper bound+lower bound`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	other := program()
	other.Path = "example.com/other"
	two := []Program{p, other}
	if f, err = Read("spade.json", First(two, nil, "")); err != nil {
		t.Fatal(err)
	}
	for _, programs := range [][]Program{two, two[:1], two[1:]} {
		r := &collected{}
		if n, err := Compare(f, programs, Options{}, "", r); n != 0 || err != nil || r.Check.Budgeted != r.Check.Entries {
			t.Errorf("today's state is not within its own budgets: %d, %v, %+v\n%s", n, err, r.Check, said(&r.CheckReport))
		}
	}
}

func amount(n *int64) string { return strings.TrimSpace(strings.Split(count(*n, ""), " ")[0]) }

func TestPlace(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "spade.json")
	if err := Place(name, []byte("one"), false); err != nil {
		t.Fatal(err)
	}
	var exists *ExistsError
	if err := Place(name, []byte("two"), false); !errors.As(err, &exists) || exists.File != name {
		t.Errorf("got %v, want an ExistsError", err)
	}
	holds(t, dir, "one")
	if err := Place(name, []byte("three"), true); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, "three")
	if err := Place(filepath.Join(dir, "none", "spade.json"), nil, true); err == nil {
		t.Error("a file in a directory that is not there")
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", name); err != nil {
		t.Skipf("skipped: no symbolic links: %v", err)
	}
	if err := Place(name, []byte("four"), false); !errors.As(err, &exists) {
		t.Errorf("over a link to nowhere: %v", err)
	}
}

// holds wants nothing in dir but spade.json.
func holds(t *testing.T, dir, want string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 || files[0].Name() != "spade.json" {
		t.Errorf("there are %v, want spade.json alone", files)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "spade.json")); err != nil || string(got) != want {
		t.Errorf("it holds %q (%v), want %q", got, err, want)
	}
}
