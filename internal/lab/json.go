// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"encoding/json"
	"io"
	"math"
)

// The JSON that report and run write. Times are in seconds, memory in bytes.
type (
	jsonReport struct {
		Versions []jsonVersion `json:"versions"`
	}
	jsonVersion struct {
		Go        string            `json:"go"`
		Setting   map[string]string `json:"setting"`
		Workloads []jsonWorkload    `json:"workloads"`
		Notes     []string          `json:"notes"`
		Claims    []jsonClaim       `json:"claims"`
	}
	jsonWorkload struct {
		Name        string           `json:"name"`
		About       string           `json:"about,omitempty"`
		Lanes       []jsonLane       `json:"lanes"`
		Comparisons []jsonComparison `json:"comparisons,omitempty"`
	}
	jsonLane struct {
		Name     string              `json:"name"`
		Units    map[string]jsonUnit `json:"units"`
		Failures []string            `json:"failures,omitempty"`
		Skipped  string              `json:"skipped,omitempty"`
	}
	jsonUnit struct {
		Median  float64   `json:"median"`
		Lo      *float64  `json:"lo,omitempty"` // of the 95% confidence interval; absent where samples are too few
		Hi      *float64  `json:"hi,omitempty"`
		Samples []float64 `json:"samples"`
	}
	jsonComparison struct {
		Unit        string   `json:"unit"`
		Ratio       float64  `json:"ratio"` // Over ÷ Under
		Over        string   `json:"over"`
		Under       string   `json:"under"`
		Lo          *float64 `json:"lo,omitempty"`
		Hi          *float64 `json:"hi,omitempty"`
		P           *float64 `json:"p,omitempty"`
		Significant bool     `json:"significant"`
	}
	jsonClaim struct {
		ID      string `json:"id"`
		Claim   string `json:"claim"`
		Verdict string `json:"verdict"`
		Value   string `json:"value,omitempty"`
		Why     string `json:"why,omitempty"`
		Command string `json:"command,omitempty"`
	}
)

// writeJSON writes all samples, and what the tables and the claims say of them.
func writeJSON(w io.Writer, r results) error {
	var report jsonReport
	for _, s := range r.sheets() {
		version := jsonVersion{Go: s.version, Setting: s.setting.values, Notes: []string{}}
		for _, name := range s.order {
			version.Workloads = append(version.Workloads, jsonWorkloadOf(byName(name), s.cells[name]))
		}
		for _, note := range s.notes() {
			version.Notes = append(version.Notes, note.String())
		}
		for _, c := range claims {
			found := c.judge(s)
			version.Claims = append(version.Claims, jsonClaim{c.id, c.text, string(found.verdict), found.value, found.why, c.command()})
		}
		report.Versions = append(report.Versions, version)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "\t")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(report)
}

func jsonWorkloadOf(w Workload, lanes map[string]*cell) jsonWorkload {
	out := jsonWorkload{Name: w.Name, About: w.About}
	for _, name := range laneNames(lanes) {
		c := lanes[name]
		lane := jsonLane{Name: name, Units: map[string]jsonUnit{}}
		for unit, values := range c.values {
			median, _ := c.median(unit)
			lane.Units[unit] = jsonUnit{median.Center, finite(median.Lo), finite(median.Hi), values}
		}
		for _, f := range c.failures {
			if f.skipped {
				lane.Skipped = f.message
			} else {
				lane.Failures = append(lane.Failures, f.message)
			}
		}
		out.Lanes = append(out.Lanes, lane)
	}
	for _, s := range sections {
		over, under := s.base, laneInPlace
		if s.holds {
			over, under = under, over
		}
		if c, both := compareLanes(lanes[over], lanes[under], s.unit); both && s.has(w, lanes) {
			out.Comparisons = append(out.Comparisons, jsonComparison{
				s.unit, c.ratio, over, under, finite(c.lo), finite(c.hi), finite(c.test.P), c.significant(),
			})
		}
	}
	return out
}

// finite returns a number that JSON can hold, or nil.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
