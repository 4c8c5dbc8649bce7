// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sarif

import "github.com/spadego/spade/internal/finding"

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// The parts of the format that are used, by the names of its specification.
type (
	log struct {
		Schema  string `json:"$schema"`
		Version string `json:"version"`
		Runs    []run  `json:"runs"`
	}
	run struct {
		Tool       tool        `json:"tool"`
		Automation *automation `json:"automationDetails,omitempty"`
		ColumnKind string      `json:"columnKind"`
		Results    []result    `json:"results"`
	}
	automation struct {
		ID string `json:"id"`
	}
	tool struct {
		Driver driver `json:"driver"`
	}
	driver struct {
		Name           string `json:"name"`
		Version        string `json:"version,omitempty"`
		InformationURI string `json:"informationUri"`
		Rules          []rule `json:"rules"`
	}
	rule struct {
		ID     string        `json:"id"`
		Name   string        `json:"name"`
		Short  message       `json:"shortDescription"`
		Full   message       `json:"fullDescription"`
		Help   message       `json:"help"`
		Config configuration `json:"defaultConfiguration"`
		Bag    properties    `json:"properties"`
	}
	configuration struct {
		Level string `json:"level"`
	}
	properties struct {
		Tags []string `json:"tags"`
	}
	message struct {
		Text string `json:"text"`
	}
	result struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      message           `json:"message"`
		Locations    []location        `json:"locations"`
		Related      []location        `json:"relatedLocations,omitempty"`
		CodeFlows    []codeFlow        `json:"codeFlows,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	location struct {
		ID       int64             `json:"id,omitempty"`
		Physical physical          `json:"physicalLocation"`
		Logical  []logicalLocation `json:"logicalLocations,omitempty"`
		Message  *message          `json:"message,omitempty"`
	}
	physical struct {
		Artifact artifact `json:"artifactLocation"`
		Region   region   `json:"region"`
	}
	artifact struct {
		URI    string `json:"uri"`
		BaseID string `json:"uriBaseId"`
	}
	region struct {
		StartLine int64 `json:"startLine"`
	}
	logicalLocation struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
		Kind               string `json:"kind"`
	}
	codeFlow struct {
		Message     message      `json:"message"`
		ThreadFlows []threadFlow `json:"threadFlows"`
	}
	threadFlow struct {
		Locations []threadFlowLocation `json:"locations"`
	}
	threadFlowLocation struct {
		Location       location `json:"location"`
		NestingLevel   int64    `json:"nestingLevel"`
		ExecutionOrder int64    `json:"executionOrder"`
		Importance     string   `json:"importance"`
	}
)

var rules = []rule{
	{
		ID: finding.RuleBudget, Name: "StackBudget",
		Short: message{"A goroutine needs more stack than its budget"},
		Full:  message{"The deepest path of calls from this go statement needs more bytes of stack, or makes the stack grow more often, than the budget allows."},
		Help: message{"The path of the alert has the bytes of every function. Make the frame that grew smaller: a large array or struct that is a local variable can become a slice, " +
			"and a call that needs much stack can move to a function of its own. If the goroutine may need that much, raise its budget."},
		Config: configuration{"error"}, Bag: properties{[]string{"performance", "stack"}},
	},
	{
		ID: finding.RuleStatus, Name: "StackStatus",
		Short: message{"Less is known of a goroutine's stack than its budget asks for"},
		Full:  message{"The goroutine may call itself in turn, or makes a call whose targets are not known, so there is no number that its stack can't exceed."},
		Help: message{"The alert names the recursion, or the call that is not known. Give the recursion up, or allow its status in the budget: a status is exact, upper bound, lower bound or " +
			"unbounded."},
		Config: configuration{"error"}, Bag: properties{[]string{"performance", "stack"}},
	},
	{
		ID: finding.RuleStale, Name: "StaleBudget",
		Short:  message{"A budget that no goroutine has"},
		Full:   message{"No entry has a name that the pattern of this budget matches. The goroutine is gone or has another name, and nothing limits it any more."},
		Help:   message{"Correct the pattern, or take the budget out. spade depth lists the names of all entries."},
		Config: configuration{"error"}, Bag: properties{[]string{"maintainability", "stack"}},
	},
}

func ruleIndex(id string) int {
	for i, r := range rules {
		if r.ID == id {
			return i
		}
	}
	return -1
}
