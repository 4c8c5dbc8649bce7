// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

// serverWorkloads are what programs with goroutines are mostly for.
var serverWorkloads = []Workload{
	{
		Name: "Server/kept", Program: "server", N: 4000, Extra: []Lane{stockLane},
		Show: serverFigures, About: "an HTTP service with JSON and templates, and 32 clients; a request",
	},
	{
		Name: "Server/fresh", Program: "server", Args: []string{"-fresh"}, N: 2000, Extra: []Lane{stockLane},
		Show: serverFigures, About: "the same, over a new connection for each request",
	},
}

var serverFigures = []string{"growths/op", "copied-bytes/op", "peak-bytes"}
