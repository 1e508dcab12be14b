package wordpress

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"behalf/internal/networks"
	"behalf/internal/networks/links"
)

const (
	maxTitle   = 150 // characters of a first line that is a title by itself
	titleWords = 60  // characters of a title that is made of the text's begin
)

var paragraphs = regexp.MustCompile(`\n[ \t]*(?:\n[ \t]*)+`)

// headline makes the title that a blog wants and a post does not have: the first
// line, if more follows it, and it is short. Else the text's first words, and
// the body keeps the whole text.
func headline(text string) (title, body string) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	first, rest, more := strings.Cut(text, "\n")
	first, rest = strings.TrimSpace(first), strings.TrimSpace(rest)
	if more && rest != "" && len([]rune(first)) <= maxTitle {
		return first, rest
	}
	return shorten(first), text
}

func shorten(line string) string {
	runes := []rune(line)
	if len(runes) <= titleWords {
		return line
	}
	short := string(runes[:titleWords])
	if space := strings.LastIndexByte(short, ' '); space > 0 {
		short = short[:space]
	}
	return strings.TrimRight(short, " ,.;:-") + "…"
}

// write makes the body in WordPress's own blocks
// (https://developer.wordpress.org/block-editor/reference-guides/core-blocks/).
// A text is only ever text in it: no markup, no block, no shortcode.
func write(text string, media []medium) string {
	var b strings.Builder
	for _, paragraph := range paragraphs.Split(text, -1) {
		if paragraph = strings.TrimSpace(paragraph); paragraph != "" {
			fmt.Fprintf(&b, "<!-- wp:paragraph -->\n<p>%s</p>\n<!-- /wp:paragraph -->\n\n", inline(paragraph))
		}
	}
	for _, m := range media {
		if m.kind == networks.Video {
			fmt.Fprintf(&b, "<!-- wp:video {\"id\":%d} -->\n<figure class=\"wp-block-video\"><video controls src=\"%s\" aria-label=\"%s\"></video></figure>\n<!-- /wp:video -->\n\n",
				m.ID, escape(m.URL), escape(m.alt))
			continue
		}
		fmt.Fprintf(&b, "<!-- wp:image {\"id\":%d,\"sizeSlug\":\"full\"} -->\n<figure class=\"wp-block-image size-full\"><img src=\"%s\" alt=\"%s\" class=\"wp-image-%d\"/></figure>\n<!-- /wp:image -->\n\n",
			m.ID, escape(m.URL), escape(m.alt), m.ID)
	}
	return strings.TrimSpace(b.String())
}

// inline escapes a paragraph and makes its addresses links.
func inline(text string) string {
	var b strings.Builder
	done := 0
	for _, span := range links.Find(text) {
		address := escape(text[span.Start:span.End])
		b.WriteString(lines(text[done:span.Start]))
		b.WriteString(`<a href="` + address + `">` + address + `</a>`)
		done = span.End
	}
	b.WriteString(lines(text[done:]))
	return b.String()
}

func lines(text string) string { return strings.ReplaceAll(escape(text), "\n", "<br>") }

// escape also takes brackets, which WordPress would read as shortcodes.
func escape(text string) string {
	return strings.NewReplacer("[", "&#91;", "]", "&#93;").Replace(html.EscapeString(text))
}
