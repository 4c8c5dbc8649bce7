// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Hello prints a line and ends: the shortest start that a Go program can have.
package main

import "fmt"

func main() { fmt.Println("hello") }
