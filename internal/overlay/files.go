// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Files returns the overlay's files: slash path below GOROOT/src -> the file that takes its place or joins it there. goroot is the
// one in the Source that o was made from.
func (o *Overlay) Files(goroot string) (map[string]string, error) {
	text, err := readOverlay(o.JSON)
	if err != nil {
		return nil, err
	}
	src := filepath.Join(goroot, "src") + string(filepath.Separator)
	files := map[string]string{}
	for key, file := range text.Replace {
		name, below := strings.CutPrefix(key, src)
		if !below {
			return nil, fmt.Errorf("the overlay file %s replaces %s, which is not in %s", o.JSON, key, src)
		}
		files[filepath.ToSlash(name)] = file
	}
	return files, nil
}
