// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/spadego/spade/examples/internal/sidebyside"
)

func TestMeasureAsJSON(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if status := run([]string{"-json", "-requests", "20", "-connections", "5", "-callers", "3"}, &stdout, &stderr); status != 0 {
		t.Fatalf("exit status %d: %s", status, &stderr)
	}
	var m sidebyside.Measurement
	if err := json.Unmarshal(stdout.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	if m.PerSecond <= 0 {
		t.Errorf("%v requests/s", m.PerSecond)
	}
}

func TestLoadIsBounded(t *testing.T) {
	for _, args := range [][]string{
		{"-callers", "0"}, {"-callers", "1001"}, {"-requests", "-1"}, {"-requests", "0", "-connections", "0"},
		{"-connections", "20001"}, {"-rounds", "0"}, {"orders"}, {"-fast"},
	} {
		var stdout, stderr bytes.Buffer
		if status := run(args, &stdout, &stderr); status != 2 || stderr.Len() == 0 {
			t.Errorf("%q: exit status %d: %s", args, status, &stderr)
		}
	}
}

func TestShop(t *testing.T) {
	for _, test := range []struct {
		name, token, body string
		status            int
		answer            string
	}{
		{"order", "Bearer example", string(exampleOrder()), http.StatusOK, "Ann Example"},
		{"escaped", "Bearer example", string(exampleOrder()), http.StatusOK, "\\u0026amp; bye"},
		{"stranger", "", "{}", http.StatusUnauthorized, "who"},
		{"no JSON", "Bearer example", "{", http.StatusBadRequest, "unexpected"},
		{"no lines", "Bearer example", "{}", http.StatusUnprocessableEntity, "line"},
	} {
		t.Run(test.name, func(t *testing.T) {
			request := httptest.NewRequest("POST", "/orders", strings.NewReader(test.body))
			request.Header.Set("Authorization", test.token)
			answer := httptest.NewRecorder()
			shop().ServeHTTP(answer, request)
			if answer.Code != test.status || !strings.Contains(answer.Body.String(), test.answer) {
				t.Errorf("status %d, want %d; body %s", answer.Code, test.status, answer.Body)
			}
		})
	}
}
