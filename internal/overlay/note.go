// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
)

// Recall returns what was last noted under a name, or "".
func (c *Cache) Recall(name string) string {
	data, _ := os.ReadFile(c.notePath(name))
	return string(data)
}

// Note keeps a text under a name, to save time: there is no error if it can't.
func (c *Cache) Note(name, text string) { c.writeFile(c.notePath(name), []byte(text)) }

func (c *Cache) notePath(name string) string {
	sum := sha256.Sum256([]byte("spade note 1\n" + name))
	return c.path(stampsDir, hex.EncodeToString(sum[:])[:20])
}
