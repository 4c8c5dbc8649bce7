// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// A bench is where a real program is built and put to work.
type bench struct {
	ctx     context.Context
	lane    *Lane
	dir     string // fresh, removed afterwards
	module  string // requires the program
	exe     string
	timeout time.Duration // of a build
	servers []*server
	last    string // output of servers that were stopped
}

// workTimeout bounds a single command of a program's work.
const workTimeout = 4 * time.Minute

// env returns the environment for the program: the lane's, with a home of its own. Go commands that a program starts are left
// alone: with an overlay of the standard library in GOFLAGS, gopls of stock finds no type errors either.
func (b *bench) env(set ...string) []string {
	home := filepath.Join(b.dir, "home")
	own := []string{"HOME=" + home, "XDG_CACHE_HOME=" + filepath.Join(home, "cache"), "XDG_DATA_HOME=" + filepath.Join(home, "data"),
		"XDG_CONFIG_HOME=" + filepath.Join(home, "config"), "NO_COLOR=1"}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH", "GOPROXY", "GOSUMDB"} {
		if v := goSetting(b.ctx, name); v != "" {
			own = append(own, name+"="+v)
		}
	}
	return b.lane.childEnv(append(append(own, "GOFLAGS="), set...)...)
}

var settings sync.Map

// goSetting returns a value of go env, as it is for the user and not for a home made up here.
func goSetting(ctx context.Context, name string) string {
	if v, ok := settings.Load(name); ok {
		return v.(string)
	}
	out, err := command{Args: []string{"go", "env", name}, Env: os.Environ(), Dir: os.TempDir(), Timeout: time.Minute}.output(ctx)
	if err != nil {
		return ""
	}
	v := strings.TrimSpace(out)
	settings.Store(name, v)
	return v
}

// goBuild builds a package of a module with the lane's go command.
func (b *bench) goBuild(module, exe, pkg string) error {
	args := append([]string{"build", "-mod=mod", "-o", exe}, b.lane.Mode.Flags...)
	_, err := command{Args: b.lane.goCommand(append(args, pkg)...), Dir: module, Env: b.lane.buildEnv(), Timeout: b.timeout}.output(b.ctx)
	return err
}

// run runs a command in the bench's directory and returns its stdout; an exit code other than 0 is an error.
func (b *bench) run(args ...string) (string, error) {
	return command{Args: args, Dir: b.dir, Env: b.env(), Timeout: workTimeout}.output(b.ctx)
}

// runCode is run for commands whose exit code is part of the answer; stdout and stderr come together.
func (b *bench) runCode(dir string, args ...string) (string, int, error) {
	return command{Args: args, Dir: dir, Env: b.env(), Timeout: workTimeout}.combined(b.ctx)
}

// write writes a file below the bench's directory.
func (b *bench) write(name, content string) error {
	path := filepath.Join(b.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(content), 0o666)
}

// A server is a program that runs until it is stopped.
type server struct {
	out    lockedBuffer
	cancel context.CancelFunc
	done   chan error
}

// lockedBuffer is a buffer that a process fills while another reads.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// serve starts a server and waits until ready says so. stopAll ends it.
func (b *bench) serve(ready func() error, args ...string) (*server, error) {
	ctx, cancel := context.WithCancel(b.ctx)
	s := &server{cancel: cancel, done: make(chan error, 1)}
	go func() {
		_, err := command{Args: args, Dir: b.dir, Env: b.env(), Timeout: 2 * workTimeout}.run(ctx, &s.out, &s.out)
		s.done <- err
		close(s.done)
	}()
	b.servers = append(b.servers, s)
	var err error
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if err = ready(); err == nil {
			return s, nil
		}
		select {
		case exit := <-s.done:
			return s, fmt.Errorf("%s ended before it was ready: %v", args[0], exit)
		default:
		}
	}
	return s, fmt.Errorf("%s is not ready after a minute: %w", args[0], err)
}

// alive reports an error if a server has ended by itself.
func (s *server) alive() error {
	select {
	case err := <-s.done:
		return fmt.Errorf("the server ended during its work: %v", err)
	default:
		return nil
	}
}

// stopAll ends the servers and keeps what they printed.
func (b *bench) stopAll() {
	for _, s := range b.servers {
		s.cancel()
		<-s.done
		b.last += s.out.String()
	}
	b.servers = nil
}

// output returns what the servers printed.
func (b *bench) output() string { return lastBytes(b.last, 32<<10) }

// freePort returns a loopback address that nobody listens on now.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// client is for requests to servers on loopback.
var client = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 32}}

// get fetches a URL and returns the body; a status other than 200 is an error.
func get(url string) (string, error) {
	resp, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s: %s", url, resp.Status, lastBytes(string(body), 500))
	}
	return string(body), err
}

// times calls do n times, 16 at a time, and returns the first error.
func times(n int, do func(i int) error) error {
	errs := make([]error, n)
	limit := make(chan bool, 16)
	var wg sync.WaitGroup
	for i := range n {
		limit <- true
		wg.Go(func() {
			defer func() { <-limit }()
			errs[i] = do(i)
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// listening returns a check that somebody accepts connections at addr.
func listening(addr string) func() error {
	return func() error {
		c, err := net.DialTimeout("tcp", addr, time.Second)
		if err != nil {
			return err
		}
		return c.Close()
	}
}
