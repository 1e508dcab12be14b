package past

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Difference is one thing that two moments do not agree on.
type Difference struct {
	Subject string          `json:"subject" doc:"What differs: workspace, member usr_…, invitation inv_…, account acc_…." example:"member usr_0199…"`
	Field   string          `json:"field,omitempty" doc:"Which part of it, as the membership names it; absent where all of it came or went."`
	Before  json.RawMessage `json:"before,omitempty" doc:"As it was; absent for what was not there."`
	After   json.RawMessage `json:"after,omitempty" doc:"As it became; absent for what is not there any more."`
}

// Diff lists the differences between two memberships: what came and went as a
// whole, of the rest each field that changed. A new field of the membership
// is compared as soon as it is there.
func Diff(before, after Membership) ([]Difference, error) {
	from, err := before.subjects()
	if err != nil {
		return nil, err
	}
	to, err := after.subjects()
	if err != nil {
		return nil, err
	}
	all := maps.Clone(from)
	maps.Copy(all, to)
	differences := []Difference{}
	for _, subject := range slices.Sorted(maps.Keys(all)) {
		was, existed := from[subject]
		is, exists := to[subject]
		switch {
		case !existed:
			differences = append(differences, Difference{Subject: subject, After: whole(is)})
		case !exists:
			differences = append(differences, Difference{Subject: subject, Before: whole(was)})
		default:
			differences = append(differences, changedFields(subject, was, is)...)
		}
	}
	return differences, nil
}

// fields are a subject's parts in JSON, by name.
type fields map[string]json.RawMessage

func changedFields(subject string, was, is fields) []Difference {
	names := maps.Clone(was)
	maps.Copy(names, is)
	var differences []Difference
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if string(was[name]) != string(is[name]) {
			differences = append(differences, Difference{Subject: subject, Field: name, Before: was[name], After: is[name]})
		}
	}
	return differences
}

// subjects takes the membership apart. A member's assignment is a subject of its own.
func (m Membership) subjects() (map[string]fields, error) {
	found := map[string]fields{}
	var failed error
	add := func(subject string, value any, without ...string) {
		parts := fields{}
		content, err := json.Marshal(value)
		if err == nil {
			err = json.Unmarshal(content, &parts)
		}
		if err != nil && failed == nil {
			failed = fmt.Errorf("compare %s: %w", subject, err)
		}
		for _, name := range without {
			delete(parts, name)
		}
		found[subject] = parts
	}
	add("workspace", m, "version", "position", "at", "members", "invitations", "accounts")
	for _, member := range m.Members {
		add("member "+member.User.String(), member, "assignments")
		for _, assignment := range member.Assignments {
			add("member "+member.User.String()+" on "+assignment.Account.String(), assignment)
		}
	}
	for _, invitation := range m.Invitations {
		add("invitation "+invitation.ID.String(), invitation)
	}
	for _, account := range m.Accounts {
		add("account "+account.ID.String(), account)
	}
	return found, failed
}

// whole puts the parts together again, in one order.
func whole(parts fields) json.RawMessage {
	content, err := json.Marshal(parts)
	if err != nil { // they came out of JSON
		return nil
	}
	return content
}
