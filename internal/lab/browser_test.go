// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A browser is a headless one, with a profile of its own.
type browser struct {
	program string
	dir     string
}

func findBrowser(t *testing.T) browser {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: starts a browser")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if program, err := exec.LookPath(name); err == nil {
			return browser{program, t.TempDir()}
		}
	}
	t.Skip("skipped: needs chromium, which is not installed")
	return browser{}
}

// open has the browser load a page and returns what it printed.
func (b browser) open(t *testing.T, page string, args ...string) string {
	t.Helper()
	args = append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--hide-scrollbars", "--user-data-dir=" + filepath.Join(b.dir, "profile"),
	}, args...)
	cmd := exec.Command(b.program, append(args, "file://"+page)...)
	cmd.WaitDelay = time.Second
	var diagnostics strings.Builder
	cmd.Stderr = &diagnostics
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, &diagnostics)
	}
	return string(out)
}

// screenshot returns what the page looks like in a window of that size.
func (b browser) screenshot(t *testing.T, page string, args ...string) image.Image {
	t.Helper()
	name := filepath.Join(b.dir, "page.png")
	b.open(t, page, append(args, "--screenshot="+name)...)
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	picture, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// phone is as narrow as headless Chromium makes a window.
const phone = "--window-size=500,2000"

// measuring tells, in the title, how wide the page is in its window, and how many of its pictures and of its samples can be seen.
const measuring = `<script>
for (const d of document.querySelectorAll("details")) d.open = true;
const seen = [...document.querySelectorAll("svg")].filter(s => s.getBoundingClientRect().width > 100 && s.getBoundingClientRect().height > 5);
document.title = [document.documentElement.scrollWidth, innerWidth, seen.length, document.querySelectorAll("svg").length,
  [...document.querySelectorAll(".strip .dot")].filter(d => getComputedStyle(d).display != "none").length].join(" ");
</script>`

var title = regexp.MustCompile(`<title>(\d+) (\d+) (\d+) (\d+) (\d+)</title>`)

// TestPageInBrowser opens the page in a browser, narrow, in light and in dark: nothing is wider than the window, all pictures are
// seen, and they have their colours.
func TestPageInBrowser(t *testing.T) {
	b := findBrowser(t)
	html, _, _ := pages(t, samplesFile)
	page, measured := filepath.Join(b.dir, "page.html"), filepath.Join(b.dir, "measured.html")
	if err := os.WriteFile(page, []byte(html), 0o666); err != nil {
		t.Fatal(err)
	}
	unlocked := strings.Replace(html, "default-src 'none'; style-src 'unsafe-inline'", "", 1)
	if err := os.WriteFile(measured, []byte(strings.Replace(unlocked, "</body>", measuring+"</body>", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	m := title.FindStringSubmatch(b.open(t, measured, phone, "--dump-dom"))
	if m == nil {
		t.Fatal("the page was not measured")
	}
	var wide, window, seen, drawn, dots int
	fmt.Sscan(strings.Join(m[1:], " "), &wide, &window, &seen, &drawn, &dots)
	if wide > window {
		t.Errorf("the page is %d wide, in a window of %d", wide, window)
	}
	if seen == 0 || seen != drawn {
		t.Errorf("%d of %d pictures can be seen", seen, drawn)
	}
	samples, err := os.ReadFile(samplesFile)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count("\n"+string(samples), "\nBenchmark"); dots != n {
		t.Errorf("%d of %d samples can be seen", dots, n)
	}
	for _, scheme := range []struct {
		name           string
		args           []string
		paper, inplace color.RGBA
	}{
		{"light", nil, color.RGBA{0xfc, 0xfc, 0xfa, 0xff}, color.RGBA{0x2f, 0x6f, 0xb0, 0xff}},
		{"dark", []string{"--blink-settings=preferredColorScheme=0"}, color.RGBA{0x15, 0x18, 0x1c, 0xff}, color.RGBA{0x6a, 0xa9, 0xe6, 0xff}},
	} {
		picture := b.screenshot(t, page, append(scheme.args, phone)...)
		if paper := count(picture, scheme.paper); paper < 1_000_000/2 {
			t.Errorf("%s: only %d pixels have the paper's colour", scheme.name, paper)
		}
		if blue := count(picture, scheme.inplace); blue < 20 {
			t.Errorf("%s: only %d pixels have the colour of inplace", scheme.name, blue)
		}
	}
}

// count returns how many pixels are of a colour, or nearly.
func count(picture image.Image, want color.RGBA) int {
	near := func(a uint32, b uint8) bool { d := int(a>>8) - int(b); return -40 < d && d < 40 }
	n := 0
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			if r, g, b, _ := picture.At(x, y).RGBA(); near(r, want.R) && near(g, want.G) && near(b, want.B) {
				n++
			}
		}
	}
	return n
}
