// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Plugged is a plugin.
package main

type pad [64 << 10]byte

//go:noinline
func touch(p *pad) { p[1] = 1 }

// Plugged has a larger frame than anything in the program.
func Plugged(d interface{ Deep() }) {
	var p pad
	touch(&p)
	d.Deep()
	touch(&p)
}

func main() {}
