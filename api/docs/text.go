package docs

import (
	"html/template"
	"regexp"
	"strings"
)

var (
	bold    = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	code    = regexp.MustCompile("`([^`]+)`")
	ruleRef = regexp.MustCompile(`\bR([1-9][0-9]?)\b`)
)

// paragraphs writes the little Markdown that descriptions use: paragraphs,
// lists, bold, code. Everything else is escaped.
func paragraphs(text string) template.HTML {
	var written strings.Builder
	inList := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		item, isItem := strings.CutPrefix(line, "* ")
		if isItem != inList {
			written.WriteString(map[bool]string{true: "<ul>", false: "</ul>"}[isItem])
			inList = isItem
		}
		switch {
		case isItem:
			written.WriteString("<li>" + string(citing(item)) + "</li>")
		case line != "":
			written.WriteString("<p>" + string(citing(line)) + "</p>")
		}
	}
	if inList {
		written.WriteString("</ul>")
	}
	return template.HTML(written.String()) //nolint:gosec // escaped by citing
}

// citing escapes a text and links the rules that it cites.
func citing(text string) template.HTML {
	escaped := template.HTMLEscapeString(text)
	escaped = bold.ReplaceAllString(escaped, "<strong>$1</strong>")
	escaped = code.ReplaceAllString(escaped, "<code>$1</code>")
	escaped = ruleRef.ReplaceAllString(escaped, `<a href="/docs/rules#R$1">R$1</a>`)
	return template.HTML(escaped) //nolint:gosec // escaped above
}
