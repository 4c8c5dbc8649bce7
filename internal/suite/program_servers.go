// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// caddySteps: files over HTTP, many at a time, and a response through the template engine.
var caddySteps = []step{{"serve files", func(b *bench) error {
	addr, err := freePort()
	if err != nil {
		return err
	}
	big := strings.Repeat("0123456789abcdef", 1<<14)
	for name, content := range map[string]string{"www/hello.txt": "hello", "www/big.txt": big, "www/sub/page.html": `{{range $i := until 3}}[{{$i}}]{{end}}`} {
		if err := b.write(name, content); err != nil {
			return err
		}
	}
	config := fmt.Sprintf(`{"admin": {"disabled": true}, "apps": {"http": {"servers": {"s": {"listen": [%q], "automatic_https": {"disable": true},
		"routes": [{"handle": [{"handler": "templates"}, {"handler": "encode", "encodings": {"gzip": {}}}, {"handler": "file_server", "root": %q}]}]}}}}}`,
		addr, filepath.Join(b.dir, "www"))
	if err := b.write("caddy.json", config); err != nil {
		return err
	}
	s, err := b.serve(listening(addr), b.exe, "run", "--config", "caddy.json")
	if err != nil {
		return err
	}
	want := map[string]string{"hello.txt": "hello", "big.txt": big, "sub/page.html": "[0][1][2]"}
	err = times(1500, func(i int) error {
		name := []string{"hello.txt", "big.txt", "sub/page.html"}[i%3]
		body, err := get("http://" + addr + "/" + name)
		if err == nil && body != want[name] {
			err = fmt.Errorf("%s: got %d bytes that are not the file's %d", name, len(body), len(want[name]))
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.alive()
}}}

//go:embed testdata/natsclient/main.go
var natsClient string

// natsSteps: publish, subscribe, request and reply, and a stream, by a client that is built in the same lane.
var natsSteps = []step{
	{"client", func(b *bench) error {
		module := b.module + "-client"
		if err := makeModule(b, module, []string{"github.com/nats-io/nats.go@v1.55.0"}); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(module, "main.go"), []byte(natsClient), 0o666); err != nil {
			return err
		}
		return b.goBuild(module, filepath.Join(b.dir, "client"), ".")
	}},
	{"messages", func(b *bench) error {
		addr, err := freePort()
		if err != nil {
			return err
		}
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			return err
		}
		s, err := b.serve(listening(addr), b.exe, "-a", host, "-p", port, "-js", "-sd", filepath.Join(b.dir, "store"))
		if err != nil {
			return err
		}
		out, err := b.run(filepath.Join(b.dir, "client"), "nats://"+addr)
		if err != nil {
			return err
		}
		if want := "messages 100000 replies 2000 stream 500\n"; out != want {
			return fmt.Errorf("the client counted %q, want %q", out, want)
		}
		return s.alive()
	}},
}

// etcdSteps: keys by its own client and, many at a time, by its JSON gateway.
var etcdSteps = []step{{"keys", func(b *bench) error {
	addr, err := freePort()
	if err != nil {
		return err
	}
	peer, err := freePort()
	if err != nil {
		return err
	}
	url, peerURL := "http://"+addr, "http://"+peer
	s, err := b.serve(func() error { _, err := get(url + "/health"); return err }, b.exe, "--name=one", "--data-dir="+filepath.Join(b.dir, "data"),
		"--listen-client-urls="+url, "--advertise-client-urls="+url, "--listen-peer-urls="+peerURL,
		"--initial-advertise-peer-urls="+peerURL, "--initial-cluster=one="+peerURL)
	if err != nil {
		return err
	}
	ctl := []string{filepath.Join(b.dir, "etcdctl"), "--endpoints=" + url}
	if _, err := b.run(append(ctl, "put", "greeting", "hello")...); err != nil {
		return err
	}
	out, err := b.run(append(ctl, "get", "greeting")...)
	if err != nil {
		return err
	}
	if out != "greeting\nhello\n" {
		return fmt.Errorf("etcdctl get greeting: %q", out)
	}
	if err := times(1000, func(i int) error { return etcdPut(url, fmt.Sprintf("key/%04d", i), strings.Repeat("v", i)) }); err != nil {
		return err
	}
	out, err = b.run(append(ctl, "get", "--prefix", "key/", "--keys-only")...)
	if err != nil {
		return err
	}
	if n := len(strings.Fields(out)); n != 1000 {
		return fmt.Errorf("%d keys after 1000 puts", n)
	}
	return s.alive()
}}}

// etcdPut puts a key by etcd's JSON gateway.
func etcdPut(url, key, value string) error {
	body, err := json.Marshal(map[string]string{"key": base64.StdEncoding.EncodeToString([]byte(key)), "value": base64.StdEncoding.EncodeToString([]byte(value))})
	if err != nil {
		return err
	}
	resp, err := client.Post(url+"/v3/kv/put", "application/json", strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("put %s: %s: %s", key, resp.Status, text)
	}
	return err
}
