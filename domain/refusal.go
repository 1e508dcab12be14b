package domain

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Rule is a rule's number in the rule book. It is an error, so that
// errors.Is(err, domain.R19) asks which rule refused.
type Rule int

func (r Rule) Error() string  { return r.String() }
func (r Rule) String() string { return "R" + strconv.Itoa(int(r)) }

// MarshalText writes "R19".
func (r Rule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText wrote, and nothing else: events record
// the rules behind a decision (R43) and must read back as they were.
func (r *Rule) UnmarshalText(text []byte) error {
	number, err := strconv.Atoi(strings.TrimPrefix(string(text), "R"))
	if err != nil || number < 0 || Rule(number).String() != string(text) {
		return errors.New(`a rule is "R" and its number`)
	}
	*r = Rule(number)
	return nil
}

// RefusalKind says what kind of answer a refusal is; the API maps it to a status.
type RefusalKind string

// The kinds of refusal.
const (
	Forbidden RefusalKind = "forbidden" // the actor may not do this (403)
	NotFound  RefusalKind = "not_found" // it does not exist for this actor (404, R32)
	Conflict  RefusalKind = "conflict"  // the state does not allow it now (409)
	Invalid   RefusalKind = "invalid"   // the command itself is wrong (422)
)

// Refusal is the answer to a command that a rule does not allow. Code is
// stable and for machines; Detail is for the person and repeats no secret.
type Refusal struct {
	Kind   RefusalKind
	Rule   Rule   // zero when no numbered rule stands behind it
	Code   string // snake_case, e.g. "mode_without_manage_posts"
	Detail string
	Field  string  // JSON path of the wrong value ("assignments[0].credential_mode"); empty if none
	Faults []Fault // when there are several things wrong: all of them
}

// Fault is one of several things that are wrong with a command.
type Fault struct {
	Field  string // JSON path of the wrong value
	Code   string // snake_case
	Detail string // for people
}

func (r *Refusal) Error() string {
	if r.Rule == 0 {
		return r.Code + ": " + r.Detail
	}
	return fmt.Sprintf("%s: %s (%s)", r.Code, r.Detail, r.Rule)
}

// Is matches the Rule that refused and another Refusal of the same code.
func (r *Refusal) Is(target error) bool {
	if rule, ok := target.(Rule); ok {
		return rule == r.Rule
	}
	var other *Refusal
	return errors.As(target, &other) && other.Code == r.Code
}

// Hidden is the answer of R32: for this actor the thing does not exist.
func Hidden() error {
	return &Refusal{Kind: NotFound, Rule: R32, Code: "not_found", Detail: "There is nothing here that you may see."}
}

// Forbid refuses because of who asks.
func Forbid(rule Rule, code, detail string) error {
	return &Refusal{Kind: Forbidden, Rule: rule, Code: code, Detail: detail}
}

// Clash refuses because of the state that things are in.
func Clash(rule Rule, code, detail string) error {
	return &Refusal{Kind: Conflict, Rule: rule, Code: code, Detail: detail}
}

// Wrong refuses because of a value in the command; field is its JSON path.
func Wrong(rule Rule, field, code, detail string) error {
	return &Refusal{Kind: Invalid, Rule: rule, Field: field, Code: code, Detail: detail}
}
