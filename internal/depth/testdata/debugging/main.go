// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Debugging is a server. The timers of its HTTP/2 connections send a message; only if the environment asks for it do they read a trace to find
// out which goroutine they are on.
package main

import "net/http"

func main() { _ = http.ListenAndServeTLS("localhost:0", "no certificate", "no key", nil) }
