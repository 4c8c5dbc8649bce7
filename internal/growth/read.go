// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"github.com/google/pprof/profile"

	"github.com/spadego/spade/internal/finding"
)

// maxProfile bounds one profile, uncompressed, in bytes. A minute of a busy program is a few hundred kilobytes.
const maxProfile = 256 << 20

// ErrNoProfile is for an input that is neither a profile nor a stream of findings.
var ErrNoProfile = errors.New("it is neither a pprof profile nor findings that spade saved as JSON")

// Read reads one input: a pprof profile, compressed or not, or findings saved as JSON. A profile goes to fold, each message to replay.
func Read(r io.Reader, fold func(*profile.Profile) error, replay func(finding.Message) error) error {
	in := bufio.NewReader(r)
	if magic, _ := in.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return fmt.Errorf("it starts like a compressed profile, but: %w", whatCut(err))
		}
		in = bufio.NewReader(unzipped)
	}
	first, err := in.Peek(1)
	switch {
	case len(first) == 0 && errors.Is(err, io.EOF):
		return errors.New("it is empty: was the profile stopped before the program ended?")
	case len(first) == 0:
		return fmt.Errorf("%w", whatCut(err))
	case first[0] == '{':
		return replayWhole(in, replay)
	}
	p, err := parse(in)
	if err != nil {
		return err
	}
	return fold(p)
}

// replayWhole replays a stream only if all of it can be read: half of it would be counted for the whole.
func replayWhole(in io.Reader, replay func(finding.Message) error) error {
	var messages []finding.Message
	if err := finding.Replay(in, func(m finding.Message) error {
		messages = append(messages, m)
		return nil
	}); err != nil {
		return whatCut(err)
	}
	for _, m := range messages {
		if err := replay(m); err != nil {
			return err
		}
	}
	return nil
}

func parse(in io.Reader) (*profile.Profile, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxProfile+1))
	if err != nil {
		return nil, whatCut(err)
	}
	if len(data) > maxProfile {
		return nil, fmt.Errorf("it holds more than %s uncompressed, which no CPU profile does", finding.Bytes(maxProfile))
	}
	p, err := profile.ParseUncompressed(data)
	if err != nil {
		return nil, fmt.Errorf("%w, or it is damaged: %w", ErrNoProfile, err)
	}
	if err := p.CheckValid(); err != nil {
		return nil, fmt.Errorf("it is damaged: %w", err)
	}
	if len(p.SampleType) == 0 {
		return nil, ErrNoProfile
	}
	return p, nil
}

// whatCut says in words what an unexpected end means.
func whatCut(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("it ends in the middle: it is cut off (%w)", err)
	}
	if errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) {
		return fmt.Errorf("it is damaged (%w)", err)
	}
	return err
}
