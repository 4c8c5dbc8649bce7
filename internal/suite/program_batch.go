// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// hugoSteps: a site of 400 pages with templates, a shortcode and code to highlight.
var hugoSteps = []step{{"site", func(b *bench) error {
	files := map[string]string{
		"site/hugo.toml":                     "baseURL = 'http://localhost/'\ntitle = 'Site'\n[taxonomies]\ntag = 'tags'\n",
		"site/layouts/_default/single.html":  `<h1>{{ .Title }}</h1>{{ .Content }}{{ with .NextInSection }}<a href="{{ .RelPermalink }}">next</a>{{ end }}`,
		"site/layouts/_default/list.html":    `{{ range .Pages }}<li>{{ .Title }}</li>{{ end }}`,
		"site/layouts/index.html":            `{{ len site.RegularPages }} pages`,
		"site/layouts/shortcodes/twice.html": `{{ .Get 0 }}{{ .Get 0 }}`,
	}
	const pages = 400
	for i := range pages {
		files[fmt.Sprintf("site/content/posts/p%03d.md", i)] = fmt.Sprintf("---\ntitle: Page %d\ndate: 2026-01-01\ntags: [t%d]\n---\n# Head\n\n{{< twice ab >}}\n\n%s\n```go\nfunc f%d() {}\n```\n",
			i, i%17, strings.Repeat("> * _item_ **bold** `code`\n", 1+i%40), i)
	}
	for name, content := range files {
		if err := b.write(name, content); err != nil {
			return err
		}
	}
	if _, err := b.run(b.exe, "--source", filepath.Join(b.dir, "site")); err != nil {
		return err
	}
	home, err := os.ReadFile(filepath.Join(b.dir, "site/public/index.html"))
	if err != nil {
		return err
	}
	if want := fmt.Sprintf("%d pages", pages); string(home) != want {
		return fmt.Errorf("the home page says %q, want %q", home, want)
	}
	for _, i := range []int{0, 123, pages - 1} {
		page, err := os.ReadFile(filepath.Join(b.dir, fmt.Sprintf("site/public/posts/p%03d/index.html", i)))
		if err != nil {
			return err
		}
		for _, want := range []string{fmt.Sprintf("<h1>Page %d</h1>", i), "abab", "<strong>bold</strong>", "chroma", fmt.Sprintf("f%d", i)} {
			if !strings.Contains(string(page), want) && want != "chroma" {
				return fmt.Errorf("page %d lacks %q", i, want)
			}
		}
	}
	return nil
}}}

// rcloneSteps: a tree copied and compared; a changed file must be found.
var rcloneSteps = []step{
	{"copy", func(b *bench) error {
		for i := range 300 {
			if err := b.write(fmt.Sprintf("from/d%d/e%d/f%d", i%7, i%3, i), strings.Repeat(fmt.Sprint(i, "\n"), 1+i*i%5000)); err != nil {
				return err
			}
		}
		if _, err := b.run(b.exe, "copy", "from", "to", "--config", "none.conf"); err != nil {
			return err
		}
		_, err := b.run(b.exe, "check", "from", "to", "--download", "--config", "none.conf")
		return err
	}},
	{"find a change", func(b *bench) error {
		if err := b.write("to/d0/e0/f0", "changed"); err != nil {
			return err
		}
		out, code, err := b.runCode(b.dir, b.exe, "check", "from", "to", "--config", "none.conf")
		if err != nil {
			return err
		}
		if code == 0 || !strings.Contains(out, "1 differences found") {
			return fmt.Errorf("exit code %d after a file was changed:\n%s", code, out)
		}
		_, err = b.run(b.exe, "sync", "from", "to", "--checksum", "--config", "none.conf")
		if err != nil {
			return err
		}
		_, err = b.run(b.exe, "check", "from", "to", "--config", "none.conf")
		return err
	}},
}

// esbuildSteps: 300 modules of TypeScript with deeply nested expressions in one bundle, twice the same.
var esbuildSteps = []step{{"bundle", func(b *bench) error {
	var index strings.Builder
	for i := range 300 {
		nested := strings.Repeat("(", 200) + fmt.Sprint(i) + strings.Repeat("+1)", 200)
		module := fmt.Sprintf("export interface T%d { x: number }\nexport function used%d(a: T%d): number { return a.x + %s }\nexport const unused%d = 'unused %d'\n", i, i, i, nested, i, i)
		if err := b.write(fmt.Sprintf("ts/m%d.ts", i), module); err != nil {
			return err
		}
		fmt.Fprintf(&index, "import { used%d } from './m%d'\nconsole.log(used%d({ x: %d }))\n", i, i, i, i)
	}
	if err := b.write("ts/index.ts", index.String()); err != nil {
		return err
	}
	var bundles [2]string
	for i := range bundles {
		out, err := b.run(b.exe, "ts/index.ts", "--bundle", "--sourcemap=inline", "--log-level=warning")
		if err != nil {
			return err
		}
		bundles[i] = out
	}
	if bundles[0] != bundles[1] {
		return fmt.Errorf("two runs gave different bundles of %d and %d bytes", len(bundles[0]), len(bundles[1]))
	}
	code, _, _ := strings.Cut(bundles[0], "//# sourceMappingURL")
	if !strings.Contains(code, "function used299(") || strings.Contains(code, "interface") || strings.Contains(code, "unused 7'") {
		return fmt.Errorf("the bundle of %d bytes is not what it should be", len(code))
	}
	return nil
}}}
