// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
)

// A Configuration is all that decides whether and how the go command uses an overlay.
type Configuration []string

func (c *Cache) proofPath(conf Configuration) string {
	h := sha256.New()
	fmt.Fprintf(h, "spade proof 1\n%q\n", []string(conf))
	return c.path(proofsDir, hex.EncodeToString(h.Sum(nil))[:20])
}

// Proven reports whether MarkProven was called for conf.
func (c *Cache) Proven(conf Configuration) bool {
	_, err := os.Stat(c.proofPath(conf))
	return err == nil
}

// MarkProven notes that the go command was seen to use the overlay in conf. If the note can't be written, it is going to be seen
// again next time.
func (c *Cache) MarkProven(conf Configuration) {
	c.writeFile(c.proofPath(conf), []byte(fmt.Sprintf("%q\n", []string(conf))))
}
