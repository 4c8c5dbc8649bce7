// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Cli is hello with what command lines are often made of: commands and flags,
// configuration, logging, a client of metrics. It prints a line by a command
// that has no more to do.
package main

import (
	"fmt"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
	"go.uber.org/zap"
	"gopkg.in/yaml.v3"
)

func main() {
	command := &cobra.Command{Use: "cli", Run: func(*cobra.Command, []string) { fmt.Println("hello") }}
	command.AddCommand(&cobra.Command{Use: "all", Run: func(*cobra.Command, []string) { all() }})
	if err := command.Execute(); err != nil {
		os.Exit(1)
	}
}

// all uses the libraries, so that the linker keeps them.
func all() {
	prometheus.MustRegister(prometheus.NewCounter(prometheus.CounterOpts{Name: "calls"}))
	text, err := yaml.Marshal(viper.AllSettings())
	zap.NewExample().Info("settings", zap.ByteString("yaml", text), zap.Error(err))
}
