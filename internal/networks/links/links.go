// Package links finds what is meant as a link in a plain text, for networks
// that want to be told.
package links

import (
	"net/url"
	"regexp"
	"strings"
)

// Span is a part of a text, in bytes: text[Start:End].
type Span struct{ Start, End int }

var address = regexp.MustCompile(`https?://[^\s<>"\x60\p{Z}]+`)

// Find finds the http and https addresses in a text. What ends a sentence, or
// closes a bracket that was not opened within, does not belong to them.
func Find(text string) []Span {
	var found []Span
	for _, at := range address.FindAllStringIndex(text, -1) {
		if before := text[:at[0]]; before != "" && wordEnds(before) {
			continue
		}
		end := at[0] + len(trim(text[at[0]:at[1]]))
		if u, err := url.Parse(text[at[0]:end]); err == nil && u.Hostname() != "" && u.User == nil {
			found = append(found, Span{at[0], end})
		}
	}
	return found
}

// wordEnds reports whether an address would begin in the middle of a word.
func wordEnds(before string) bool {
	last := before[len(before)-1]
	return last >= '0' && last <= '9' || last >= 'a' && last <= 'z' || last >= 'A' && last <= 'Z' || last == '_'
}

func trim(address string) string {
	for {
		short := strings.TrimRight(address, ".,;:!?'*_~…")
		for open, shut := range map[string]string{"(": ")", "[": "]", "{": "}"} {
			if strings.HasSuffix(short, shut) && strings.Count(short, shut) > strings.Count(short, open) {
				short = strings.TrimSuffix(short, shut)
			}
		}
		if short == address {
			return address
		}
		address = short
	}
}
