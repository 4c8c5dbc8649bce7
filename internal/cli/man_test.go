// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"bytes"
	"testing"
)

const smallManual = `Spade runs "it", and has
a second line.

	spade go ARG    what's built
	.hidden "line"  C:\dir ^ ~ ÷

First text.
'Tis a line that starts with a quote, and
...another with dots, both 5 ÷ 2.

# spade go

	spade go -race

With -max-share (-x, too), in-place growth of C:\new.

  - one
  - two

# spade env

Text.

# Exit codes

[Text] of http://example.com/~user.
`

const smallPage = `.\" Written by spade help -man. Don't edit it.
.TH SPADE 1 "" "spade v1.2.3-rc" "User Commands"
.SH NAME
spade \- runs \(dqit\(dq, and has a second line
.SH SYNOPSIS
.RS 4
.nf
spade go ARG    what\(aqs built
\&.hidden \(dqline\(dq  C:\edir \(ha \(ti \[u00F7]
.fi
.RE
.SH DESCRIPTION
First text.
\&'Tis a line that starts with a quote, and
\&...another with dots, both 5 \[u00F7] 2.
.SH COMMANDS
.SS "spade go"
.RS 4
.nf
spade go \-race
.fi
.RE
.PP
With \-max\-share (\-x, too), in-place growth of C:\enew.
.IP \(bu 2
one
.IP \(bu 2
two
.SS "spade env"
Text.
.SH "EXIT CODES"
[Text] of http://example.com/\(tiuser.
`

func TestWriteMan(t *testing.T) {
	var page bytes.Buffer
	if err := writeMan(&page, smallManual, "v1.2.3-rc"); err != nil {
		t.Fatal(err)
	}
	if page.String() != smallPage {
		t.Errorf("got:\n%s\nwant:\n%s", &page, smallPage)
	}
}
