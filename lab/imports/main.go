// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Imports is hello with packages that many programs have. It calls none of
// them: what it takes longer to start is their being there and their
// initialisation.
package main

import (
	"fmt"

	_ "archive/zip"
	_ "crypto/tls"
	_ "crypto/x509"
	_ "database/sql"
	_ "encoding/gob"
	_ "encoding/json"
	_ "encoding/xml"
	_ "go/parser"
	_ "html/template"
	_ "image/jpeg"
	_ "image/png"
	_ "log/slog"
	_ "math/big"
	_ "mime/multipart"
	_ "net/http"
	_ "net/http/pprof"
	_ "net/rpc"
	_ "net/smtp"
	_ "os/exec"
	_ "regexp"
	_ "text/template"
)

func main() { fmt.Println("hello") }
