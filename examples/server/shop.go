// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"time"
)

// An order is what clients send.
type order struct {
	Customer string    `json:"customer"`
	Lines    []item    `json:"lines"`
	Comments []comment `json:"comments"`
}

type item struct {
	Article  string            `json:"article"`
	Quantity int               `json:"quantity"`
	Cents    int               `json:"cents"`
	Options  map[string]string `json:"options,omitempty"`
}

// A comment has answers, which are comments again.
type comment struct {
	Author  string    `json:"author"`
	Text    string    `json:"text"`
	Answers []comment `json:"answers,omitempty"`
}

// A receipt is what they get.
type receipt struct {
	Customer string    `json:"customer"`
	Cents    int       `json:"cents"`
	Page     string    `json:"page"`
	Comments []comment `json:"comments"`
}

var page = template.Must(template.New("page").Parse(`
{{- define "comment"}}<li><b>{{.Author}}</b> {{.Text}}{{with .Answers}}<ul>{{range .}}{{template "comment" .}}{{end}}</ul>{{end}}</li>{{end -}}
<h1>{{.Customer}}</h1>
<table>{{range .Lines}}<tr><td>{{.Article}}</td><td>{{.Quantity}}</td><td>{{.Total}}</td></tr>{{end}}</table>
<ul>{{range .Comments}}{{template "comment" .}}{{end}}</ul>`))

// Total is the price of all pieces in cents.
func (i item) Total() int { return i.Quantity * i.Cents }

// shop answers orders as a service in the field does: in layers of handlers,
// with a goroutine of its own and a time limit for each request.
func shop() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", takeOrder)
	return http.TimeoutHandler(recovered(authorized(mux)), 10*time.Second, "too slow")
}

func recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if fault := recover(); fault != nil {
				http.Error(w, fmt.Sprint(fault), http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func authorized(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer example" {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func takeOrder(w http.ResponseWriter, r *http.Request) {
	var o order
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&o); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer, err := bill(o)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	// The client may have gone: there is nobody left to tell.
	_ = json.NewEncoder(w).Encode(answer)
}

func bill(o order) (receipt, error) {
	if len(o.Lines) == 0 {
		return receipt{}, errors.New("an order has at least one line")
	}
	answer := receipt{Customer: o.Customer, Comments: o.Comments}
	for _, line := range o.Lines {
		answer.Cents += line.Total()
	}
	var text bytes.Buffer
	if err := page.Execute(&text, o); err != nil {
		return receipt{}, err
	}
	answer.Page = text.String()
	return answer, nil
}
