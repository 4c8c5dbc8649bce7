// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A store keeps the results of every unit and lane below one directory, so that an interrupted run goes on where it
// stopped and the results of stock are there for the next spade.
type store struct {
	dir string
}

// record is what a file of the store holds.
type record struct {
	ID      string  `json:"id"` // of the lane and the flags of the run
	Results Results `json:"results"`
}

// reportRecord is what the file with a unit's report holds.
type reportRecord struct {
	ID     string `json:"id"` // of all lanes and the flags of the run
	Report Report `json:"report"`
}

// unitDir returns the directory for what belongs to a unit, on one toolchain and in one mode.
func (s store) unitDir(suite, goName, mode, unit string) string {
	return filepath.Join(s.dir, suite, goName, fileName(mode), fileName(unit))
}

// loadReport returns the stored report of a unit, if it is there under the same id and nothing went wrong then.
func (s store) loadReport(unitDir, id string) (Report, bool) {
	data, err := os.ReadFile(filepath.Join(unitDir, "report.json"))
	if err != nil {
		return Report{}, false
	}
	var rec reportRecord
	if json.Unmarshal(data, &rec) != nil || rec.ID != id || rec.Report.Error != "" {
		return Report{}, false
	}
	return rec.Report, true
}

// saveReport writes the report of a unit.
func (s store) saveReport(unitDir, id string, rep Report) error {
	return writeJSON(filepath.Join(unitDir, "report.json"), reportRecord{id, rep})
}

// load returns the stored results of a lane, if they are there under the same id.
func (s store) load(unitDir, lane, id string) (Results, bool) {
	data, err := os.ReadFile(filepath.Join(unitDir, fileName(lane)+".json"))
	if err != nil {
		return Results{}, false
	}
	var rec record
	if json.Unmarshal(data, &rec) != nil || rec.ID != id || rec.Results.Tests == nil {
		return Results{}, false
	}
	return rec.Results, true
}

// save writes the results of a lane.
func (s store) save(unitDir, lane, id string, res Results) error {
	return writeJSON(filepath.Join(unitDir, fileName(lane)+".json"), record{id, res})
}

// writeJSON writes v to a file that is never seen half-written.
func writeJSON(name string, v any) error {
	data, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	tmp := fmt.Sprintf("%s.%d", name, os.Getpid())
	if err := os.WriteFile(tmp, data, 0o666); err != nil {
		return err
	}
	return os.Rename(tmp, name)
}

// fileName turns a name into one that is a single file name element.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("-_.=#,", r):
			return r
		}
		return '+'
	}, name)
}
