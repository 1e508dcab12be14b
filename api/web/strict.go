package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"behalf/api/problem"
)

// maxLocation bounds the places that are named, in bytes.
const maxLocation = 200

// checkContent refuses what is JSON and still means different things to
// different readers (RFC 7493): a name that stands twice in an object, half a
// surrogate pair; a number beyond binary64; and the character NUL, which Postgres
// cannot keep. body is one JSON value.
func checkContent(body []byte) error {
	if at := loneSurrogate(body); at >= 0 {
		return malformed("Half of a surrogate pair is no character: byte " + strconv.Itoa(at+1) + ".")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var levels []*level
	for {
		token, err := decoder.Token()
		if err != nil {
			return nil // the end: that it is JSON was checked
		}
		var inside *level
		if len(levels) > 0 {
			inside = levels[len(levels)-1]
		}
		switch value := token.(type) {
		case json.Delim:
			if value == '}' || value == ']' {
				levels = levels[:len(levels)-1]
				continue
			}
			inside.begin()
			levels = append(levels, &level{object: value == '{', names: map[string]bool{}, index: -1})
		case string:
			if strings.ContainsRune(value, 0) {
				return problem.Invalid(problem.Fault{Location: "body", Message: "the character NUL is not possible in a text"})
			}
			if !inside.takes(value) {
				return twice(levels)
			}
		case json.Number:
			if _, err := value.Float64(); err != nil {
				return malformed("A number is larger than numbers are here.")
			}
			inside.begin()
		default:
			inside.begin()
		}
	}
}

// level is one object or list that is being read.
type level struct {
	object bool
	names  map[string]bool
	name   string // the latest
	named  bool   // its value comes next
	index  int    // of the latest element
}

// begin takes note that a value begins.
func (l *level) begin() {
	if l == nil {
		return
	}
	l.named = false
	l.index++
}

// takes reads a text, which is a name or a value, and reports whether that is right.
func (l *level) takes(text string) bool {
	if l == nil || !l.object || l.named {
		l.begin()
		return true
	}
	l.name, l.named = text, true
	fresh := !l.names[text]
	l.names[text] = true
	return fresh
}

// twice names the place of a name that stands twice.
func twice(levels []*level) error {
	var place strings.Builder
	for _, l := range levels {
		switch {
		case !l.object:
			place.WriteString("[" + strconv.Itoa(l.index) + "]")
		case place.Len() > 0:
			place.WriteString("." + l.name)
		default:
			place.WriteString(l.name)
		}
	}
	location := place.String()
	location = strings.ToValidUTF8(location[:min(len(location), maxLocation)], "")
	return problem.New(http.StatusBadRequest, "malformed_json", "A name stands twice in an object.",
		problem.Fault{Location: location, Message: "stands twice"})
}

// loneSurrogate finds half of a surrogate pair in escaped form; -1 for none.
func loneSurrogate(body []byte) int {
	for at := 0; at < len(body); at++ {
		if body[at] != '\\' {
			continue
		}
		unit, escaped := unitAt(body, at)
		switch {
		case !escaped:
			at++ // an escaped backslash begins nothing
		case unit >= 0xD800 && unit < 0xDC00:
			if low, escaped := unitAt(body, at+6); !escaped || low < 0xDC00 || low > 0xDFFF {
				return at
			}
			at += 11
		case unit >= 0xDC00 && unit <= 0xDFFF:
			return at
		default:
			at += 5
		}
	}
	return -1
}

// unitAt reads an escaped UTF-16 code unit.
func unitAt(body []byte, at int) (uint64, bool) {
	if len(body) < at+6 || body[at] != '\\' || body[at+1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(body[at+2:at+6]), 16, 16)
	return unit, err == nil
}
