// Validate reads a SARIF log from standard input and exits with 1 if it does not follow the schema.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // its source holds the schema
	"github.com/xeipuuv/gojsonschema"
)

func main() {
	log.SetFlags(0)
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	result, err := gojsonschema.Validate(gojsonschema.NewStringLoader(schema()), gojsonschema.NewBytesLoader(text))
	if err != nil {
		log.Fatal(err)
	}
	for _, fault := range result.Errors() {
		fmt.Println("against the schema:", fault)
	}
	if !result.Valid() {
		os.Exit(1)
	}
}

// schema returns the schema, a constant that the package does not export.
func schema() string {
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		log.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		log.Fatal(err)
	}
	var found string
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING && len(literal.Value) > len(found) {
			found = literal.Value
		}
		return true
	})
	text, err := strconv.Unquote(found)
	if err != nil || !strings.Contains(text, "sarif-schema-2.1.0.json") {
		log.Fatalf("schema.go holds no schema of SARIF 2.1.0: %v", err)
	}
	return text
}
