// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Server is an HTTP service and 32 clients of it in one process, over loopback.
// A request is an order in JSON, a little over 1 KB, with comments that nest; the
// answer is a page that a template makes of it. The goroutines that serve
// connections and those of the time limit outgrow the stack that they start
// with. An operation is a request.
//
//	kept    over connections that are kept
//	fresh   over a new connection each
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spadego/spade/lab/internal/sample"
)

const clients = 32

func main() {
	fresh := flag.Bool("fresh", false, "a new connection for each request")
	n := flag.Int("n", 5000, "requests")
	flag.Parse()
	if err := measure(*fresh, *n); err != nil {
		fmt.Fprintf(os.Stderr, "server: %v\n", err)
		os.Exit(1)
	}
}

func measure(fresh bool, n int) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("a server on loopback: %w", err)
	}
	server := &http.Server{Handler: http.TimeoutHandler(http.HandlerFunc(answer), 10*time.Second, "too slow")}
	go server.Serve(listener)
	defer server.Close()
	body, err := json.Marshal(example())
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, DisableKeepAlives: fresh}}
	call := func() error { return request(client, "http://"+listener.Addr().String(), body) }
	if err := share(min(n, 500), call); err != nil {
		return err
	}
	stretch := sample.Begin()
	if err := share(n, call); err != nil {
		return err
	}
	name := "kept"
	if fresh {
		name = "fresh"
	}
	stretch.End(os.Stdout, "Server/"+name, n)
	return nil
}

// share has the clients make n calls between them, and returns an error of one.
func share(n int, call func() error) error {
	var left atomic.Int64
	left.Store(int64(n))
	var done sync.WaitGroup
	failed := make(chan error, clients)
	for range clients {
		done.Go(func() {
			for left.Add(-1) >= 0 {
				if err := call(); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	done.Wait()
	close(failed)
	return <-failed
}

func request(client *http.Client, url string, body []byte) error {
	response, err := client.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || !bytes.Contains(page, []byte("Is it &lt;sharp&gt;?"))) {
		err = fmt.Errorf("the server answered %s", response.Status)
	}
	return err
}

type order struct {
	Customer string
	Lines    []line
	Comments []comment
}

type line struct {
	Article  string
	Quantity int
	Options  map[string]string
}

type comment struct {
	Author, Text string
	Answers      []comment `json:",omitempty"`
}

func example() order {
	thread := comment{Author: "Kim", Text: "Thanks & bye."}
	for i := range 12 {
		thread = comment{Author: fmt.Sprint("Person ", i), Text: "Is it <sharp>?", Answers: []comment{thread}}
	}
	return order{"Ann Example", []line{{"spade", 4, map[string]string{"handle": "ash", "blade": "forged"}}, {"seeds", 2, nil}}, []comment{thread}}
}

var page = template.Must(template.New("page").Parse(`
{{- define "comment"}}<li><b>{{.Author}}</b> {{.Text}}<ul>{{range .Answers}}{{template "comment" .}}{{end}}</ul></li>{{end -}}
<h1>{{.Customer}}</h1>
<table>{{range .Lines}}<tr><td>{{.Article}}</td><td>{{.Quantity}}</td></tr>{{end}}</table>
<ul>{{range .Comments}}{{template "comment" .}}{{end}}</ul>`))

func answer(w http.ResponseWriter, r *http.Request) {
	var o order
	if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	_ = page.Execute(w, o) // the client may have gone: there is nobody left to tell
}
