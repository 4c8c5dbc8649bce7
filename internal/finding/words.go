// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import (
	"fmt"
	"path"
	"strings"
	"time"
)

// Percent writes a part of 1 as a percentage with one decimal.
func Percent(part float64) string { return fmt.Sprintf("%.1f%%", 100*part) }

// Bytes writes a number of bytes in the largest unit that needs at most one decimal.
func Bytes(n int64) string {
	for _, unit := range []struct {
		size int64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= unit.size {
			return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(n)/float64(unit.size)), ".0") + " " + unit.name
		}
	}
	return fmt.Sprintf("%d B", n)
}

// Seconds writes nanoseconds for a table.
func Seconds(nanos int64) string {
	switch d := time.Duration(nanos); {
	case d < 10*time.Second:
		return fmt.Sprintf("%dms", d.Milliseconds())
	case d < 100*time.Hour:
		return fmt.Sprintf("%.1fs", d.Seconds())
	default:
		return fmt.Sprintf("%.0fh", d.Hours())
	}
}

// Place is where the payer's function starts, the file without its directories, or "" if that is not known.
func (p *Payer) Place() string {
	if p.File == "" {
		return ""
	}
	name := path.Base(strings.ReplaceAll(p.File, `\`, "/"))
	if p.Line <= 0 {
		return name
	}
	return fmt.Sprintf("%s:%d", name, p.Line)
}
