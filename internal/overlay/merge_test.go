// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// TestMergeOwn merges overlays that hold replacements of an earlier spade's, as "spade env" leaves them in GOFLAGS.
func TestMergeOwn(t *testing.T) {
	const goroot = "/go"
	cache := &Cache{dir: t.TempDir()}
	write := func(name string, replace map[string]string) string {
		data, err := json.Marshal(overlayJSON{replace})
		if err == nil {
			err = os.WriteFile(filepath.Join(cache.dir, name), data, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
		return filepath.Join(cache.dir, name)
	}
	stack, marker := goroot+"/src/runtime/stack.go", goroot+"/src/"+MarkerFile
	ours := map[string]string{stack: "/new/src/runtime/stack.go", marker: "/new/src/" + MarkerFile}
	o := &Overlay{ID: "new", JSON: write("ours.json", ours)}

	old := map[string]string{stack: "/old/src/runtime/stack.go", marker: "/old/src/" + MarkerFile}
	if got, err := cache.Merge(o, write("old.json", old), "/", nil); err != nil || got != o.JSON {
		t.Errorf("merge with an older overlay: %s, %v, want %s", got, err, o.JSON)
	}

	old["/m/main.go"] = "/m/other.go"
	got, err := cache.Merge(o, write("mixed.json", old), "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	merged, err := readOverlay(got)
	want := map[string]string{stack: ours[stack], marker: ours[marker], "/m/main.go": "/m/other.go"}
	if err != nil || !reflect.DeepEqual(merged.Replace, want) {
		t.Errorf("merged: %v, %v, want %v", merged.Replace, err, want)
	}

	// One that spade clean has removed since; anybody else's must be there.
	removed := cache.path(overlaysDir, "removed", "overlay.json")
	if got, err := cache.Merge(o, removed, "/", nil); err != nil || got != o.JSON {
		t.Errorf("merge with an overlay that was removed: %s, %v, want %s", got, err, o.JSON)
	}
	for _, missing := range []string{cache.path(mergedDir, "removed.json"), "/theirs/overlay.json"} {
		if got, err := cache.Merge(o, missing, "/", nil); err == nil {
			t.Errorf("merge with %s, which is missing: %s, want an error", missing, got)
		}
	}

	old[stack] = "/theirs/stack.go"
	if got, err := cache.Merge(o, write("clash.json", old), "/", nil); err == nil {
		t.Errorf("merge with an overlay that has another stack.go: %s, want an error", got)
	}
}
