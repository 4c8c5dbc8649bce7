// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Hello is the smallest program: it must build for every target.
package main

func main() { println("hello") }
