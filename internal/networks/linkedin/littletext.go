package linkedin

import (
	"regexp"
	"strings"
)

// reserved are the characters of the little text format that mean something
// (marketing/community-management/shares/little-text-format).
const reserved = `\|{}@[]()<>#*_~`

var (
	hashtag  = regexp.MustCompile(`(^|[^\p{L}\p{N}_&/])#([\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*)`)
	template = regexp.MustCompile(`\{hashtag\|\\#\|((?:[^|{}\\]|\\.)+)\}`)
	escaped  = regexp.MustCompile(`\\([` + regexp.QuoteMeta(reserved) + `])`)
)

// little writes a text in the little text format: hashtags as such, and every
// other reserved character as itself.
func little(text string) string {
	var b strings.Builder
	at := 0
	for _, m := range hashtag.FindAllStringSubmatchIndex(text, -1) {
		escape(&b, text[at:m[4]-1])
		b.WriteString(`{hashtag|\#|`)
		escape(&b, text[m[4]:m[5]])
		b.WriteString("}")
		at = m[5]
	}
	escape(&b, text[at:])
	return b.String()
}

func escape(b *strings.Builder, text string) {
	for _, r := range text {
		if strings.ContainsRune(reserved, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
}

// plain reads what little wrote.
func plain(commentary string) string {
	return escaped.ReplaceAllString(template.ReplaceAllString(commentary, "#$1"), "$1")
}
