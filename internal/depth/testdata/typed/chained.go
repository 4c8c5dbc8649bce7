// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build chained

package main

func init() { kept.Store(longer(longer(nil)), 1) }
