package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"behalf/domain"
	"behalf/eventstore/codec"
)

// tell puts an event into words. It knows no event type: the words are those
// of the type's name and of its fields, so that a new type needs nothing here.
//
//	workspace.credential_mode_changed.v1 {"member":"usr_…","to":"member"}
//	credential mode changed: member Carl, to member
func (n names) tell(event domain.Event) (string, error) {
	data, err := codec.Show(event)
	if err != nil {
		return "", err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	fields, err := n.value(decoder)
	if err != nil {
		return "", err
	}
	said := words(event.EventType())
	if fields == "" {
		return said, nil
	}
	return said + ": " + fields, nil
}

// worded is a JSON value in words; nothing is "none".
func (n names) worded(value json.RawMessage) string {
	if len(value) == 0 {
		return "none"
	}
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.UseNumber()
	said, err := n.value(decoder)
	switch {
	case err != nil:
		return oneLine(string(value))
	case said == "" && string(value) == "false":
		return "no"
	case said == "":
		return "none"
	}
	return said
}

// words are those of an event type's name: "client invited". What happened to
// the workspace itself says so: "workspace created".
func words(eventType string) string {
	category, rest, _ := strings.Cut(eventType, ".")
	what, _, _ := strings.Cut(rest, ".")
	if !strings.Contains(what, "_") {
		what = category + " " + what
	}
	return strings.ReplaceAll(what, "_", " ")
}

// value reads one JSON value and words it; what is false, null or empty has no words.
func (n names) value(decoder *json.Decoder) (string, error) {
	token, err := decoder.Token()
	if err != nil {
		return "", err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return n.object(decoder)
		}
		return n.array(decoder)
	case string:
		return n.of(token), nil
	case bool:
		if token {
			return "yes", nil
		}
		return "", nil
	case nil:
		return "", nil
	default:
		return oneLine(fmt.Sprint(token)), nil
	}
}

func (n names) object(decoder *json.Decoder) (string, error) {
	var words []string
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return "", err
		}
		value, err := n.value(decoder)
		if err != nil {
			return "", err
		}
		name := strings.ReplaceAll(n.of(key.(string)), "_", " ")
		switch value {
		case "":
		case "yes":
			words = append(words, name)
		default:
			words = append(words, name+" "+value)
		}
	}
	_, err := decoder.Token() // the closing brace
	return strings.Join(words, ", "), err
}

func (n names) array(decoder *json.Decoder) (string, error) {
	var words []string
	for decoder.More() {
		value, err := n.value(decoder)
		if err != nil {
			return "", err
		}
		words = append(words, value)
	}
	_, err := decoder.Token() // the closing bracket
	return "[" + strings.Join(words, "; ") + "]", err
}
