// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// A setting is where and how samples are taken: keys of the benchmark format, with their values, in the order in which they are
// written. Each sample carries it.
type setting struct {
	keys   []string
	values map[string]string
}

// Keys of a setting. What a sample measures depends on those in fixed; load is what else went on when the run began.
const (
	keyWork       = "work" // full, quick or counts
	keyProcessors = "processors"
	keyLoad       = "load"

	workQuick = "quick"
)

// fixed are the keys that may not change within one file of samples.
var fixed = []string{"goos", "goarch", "cpu", keyProcessors, "kernel", "spade", keyWork}

// settingOf returns the setting of a run here that does the kind of work named.
func settingOf(work string) setting {
	s := setting{values: map[string]string{}}
	s.add("goos", runtime.GOOS)
	s.add("goarch", runtime.GOARCH)
	s.add("cpu", field("/proc/cpuinfo", "model name"))
	s.add(keyProcessors, strconv.Itoa(runtime.NumCPU()))
	s.add("memory", field("/proc/meminfo", "MemTotal"))
	s.add("kernel", firstWord("/proc/sys/kernel/osrelease"))
	s.add("spade", ownVersion())
	s.add(keyWork, work)
	s.add(keyLoad, firstWord("/proc/loadavg"))
	return s
}

// settingIn returns the setting that a sample carries.
func settingIn(sample *benchfmt.Result) setting {
	s := setting{values: map[string]string{}}
	for _, config := range sample.Config {
		if config.Key != "lane" && config.Key != "go" {
			s.add(config.Key, string(config.Value))
		}
	}
	return s
}

// add sets key, unless nothing is known of it.
func (s *setting) add(key, value string) {
	if value != "" {
		s.keys = append(s.keys, key)
		s.values[key] = value
	}
}

// lines returns the setting in the benchmark format.
func (s setting) lines() []string {
	var lines []string
	for _, key := range s.keys {
		lines = append(lines, key+": "+s.values[key])
	}
	return lines
}

// busy says that other programs used the processors when the run began, or returns "".
func (s setting) busy() string {
	load, err := strconv.ParseFloat(s.values[keyLoad], 64)
	processors, also := strconv.Atoi(s.values[keyProcessors])
	if err != nil || also != nil || load <= float64(processors)/2 {
		return ""
	}
	return fmt.Sprintf("the machine is busy (load %.1f on %d processors)", load, processors)
}

// differs names the first fixed key by which samples of another setting can't be added to those of s, or returns "".
func (s setting) differs(other setting) string {
	for _, key := range fixed {
		if s.values[key] != other.values[key] {
			return fmt.Sprintf("%s is %q there and %q here", key, other.values[key], s.values[key])
		}
	}
	return ""
}

// field returns the value of the first line "name : value" of a file of the kernel's, or "".
func field(path, name string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if key, value, found := strings.Cut(lines.Text(), ":"); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// firstWord returns the first word of a file of the kernel's, or "".
func firstWord(path string) string {
	data, err := os.ReadFile(path)
	if words := strings.Fields(string(data)); err == nil && len(words) > 0 {
		return words[0]
	}
	return ""
}

// availableMemory returns the bytes that the kernel could give to a new process, or no limit if it doesn't say.
func availableMemory() int64 {
	text, found := strings.CutSuffix(field("/proc/meminfo", "MemAvailable"), " kB")
	kilobytes, err := strconv.ParseInt(text, 10, 64)
	if !found || err != nil {
		return math.MaxInt64
	}
	return kilobytes << 10
}

// ownVersion returns the version of this spade, as Go's module system has it.
func ownVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return ""
}
