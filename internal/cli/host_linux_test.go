// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCgroupLimit(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		want  uint64
	}{
		"none": {map[string]string{}, unlimited},
		"version 2": {map[string]string{
			"proc/self/cgroup":                        "0::/a/b\n",
			"sys/fs/cgroup/a/memory.max":              "1073741824\n",
			"sys/fs/cgroup/a/b/memory.max":            "max\n",
			"sys/fs/cgroup/a/other/memory.max":        "1\n",
			"sys/fs/cgroup/memory/memory.limit_bytes": "2\n",
		}, 1 << 30},
		"the lowest counts": {map[string]string{
			"proc/self/cgroup":             "0::/a/b\n",
			"sys/fs/cgroup/memory.max":     "300\n",
			"sys/fs/cgroup/a/memory.max":   "200\n",
			"sys/fs/cgroup/a/b/memory.max": "400\n",
		}, 200},
		"version 1": {map[string]string{
			"proc/self/cgroup": "5:cpu,cpuacct:/x\n4:memory:/docker/1\n0::/\n",
			"sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes": "500\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes":          "9223372036854771712\n",
		}, 500},
		"version 1 without a limit": {map[string]string{
			"proc/self/cgroup":                           "4:memory:/\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
		}, unlimited},
	} {
		root := t.TempDir()
		for file, content := range test.files {
			path := filepath.Join(root, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if got := cgroupLimit(root); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}

func TestJudge(t *testing.T) {
	for _, test := range []struct {
		check  check
		status status
		detail string
	}{
		{judgeLimit("RLIMIT_AS", unlimited), good, "unlimited"},
		{judgeLimit("RLIMIT_AS", 1<<30), noted, "1 GiB" + noRoom},
		{judgeOvercommit("0"), good, "0"},
		{judgeOvercommit("2"), noted, "2" + noRoom},
		{judgeOvercommit(""), good, "unknown"},
		{judgeMaps("65530"), good, "65530"},
		{judgeMaps("100"), noted, "low"},
		{judgeMaps(""), good, "unknown"},
		{judgeHugePages("always [madvise] never"), good, "always [madvise] never"},
		{judgeHugePages(""), good, "none"},
		{judgeMemory(unlimited), good, "unlimited"},
		{judgeMemory(1 << 30), good, "1 GiB"},
	} {
		if test.check.Status != test.status || !strings.Contains(test.check.Detail, test.detail) {
			t.Errorf("%+v, want %s, ...%s...", test.check, test.status, test.detail)
		}
	}
}
