package problem

import (
	_ "embed"
	"strings"
)

//go:embed codes.tsv
var table string

// Code is one kind of problem, as the documentation explains it.
type Code struct {
	Code    string
	Status  string // one or more, "403, 422"
	Title   string
	Explain string
}

// Codes lists every code that the API answers: its own in the order of their
// status, then those of the rules in alphabetical order.
func Codes() []Code {
	var codes []Code
	for line := range strings.Lines(table) {
		cells := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4)
		codes = append(codes, Code{Code: cells[0], Status: cells[1], Title: cells[2], Explain: cells[3]})
	}
	return codes
}

// CodeOf answers one of them; without a title when there is none of that name.
func CodeOf(name string) Code {
	for _, code := range Codes() {
		if code.Code == name {
			return code
		}
	}
	return Code{Code: name, Status: "500"}
}

var titles = func() map[string]string {
	byCode := map[string]string{}
	for _, code := range Codes() {
		byCode[code.Code] = code.Title
	}
	return byCode
}()
