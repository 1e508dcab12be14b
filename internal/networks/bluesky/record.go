package bluesky

import (
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"behalf/internal/networks"
	"behalf/internal/networks/links"
)

// record is a post (lexicon app.bsky.feed.post).
type record struct {
	Type    string  `json:"$type"`
	Text    string  `json:"text"`
	Created string  `json:"createdAt"`
	Facets  []facet `json:"facets,omitempty"`
	Embed   any     `json:"embed,omitempty"`
}

// facet says what a part of the text is (lexicon app.bsky.richtext.facet).
type facet struct {
	Index    span      `json:"index"`
	Features []feature `json:"features"`
}

// span counts bytes of UTF-8.
type span struct {
	Start int `json:"byteStart"`
	End   int `json:"byteEnd"`
}

type feature struct {
	Type string `json:"$type"`
	URI  string `json:"uri,omitempty"`
	Tag  string `json:"tag,omitempty"`
	DID  string `json:"did,omitempty"`
}

const (
	facetType  = "app.bsky.richtext.facet"
	maxTag     = 64 // graphemes: the lexicon
	maxMention = 10 // ours: how many handles are looked up for a post
)

var (
	hashtag = regexp.MustCompile(`(?:^|\s)[#＃]([^\s#＃\p{P}]*[^\s#＃\p{P}\p{Nd}][^\s#＃\p{P}]*)`)
	mention = regexp.MustCompile(`(?:^|[\s(])@((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)`)
)

// mentioned lists the handles in a text, each once.
func mentioned(text string) (handles []string) {
	seen := map[string]bool{}
	for _, at := range mention.FindAllStringSubmatchIndex(text, -1) {
		name := strings.ToLower(text[at[2]:at[3]])
		if !seen[name] && len(handles) < maxMention {
			seen[name] = true
			handles = append(handles, name)
		}
	}
	return handles
}

// facets finds links, hashtags and the mentions whose handles are known.
func facets(text string, known map[string]string) (found []facet) {
	add := func(start, end int, f feature) {
		f.Type = facetType + "#" + f.Type
		found = append(found, facet{Index: span{start, end}, Features: []feature{f}})
	}
	taken := links.Find(text)
	for _, at := range taken {
		add(at.Start, at.End, feature{Type: "link", URI: text[at.Start:at.End]})
	}
	for _, at := range mention.FindAllStringSubmatchIndex(text, -1) {
		if id := known[strings.ToLower(text[at[2]:at[3]])]; id != "" && !within(at[2], taken) {
			add(at[2]-1, at[3], feature{Type: "mention", DID: id})
		}
	}
	for _, at := range hashtag.FindAllStringSubmatchIndex(text, -1) {
		if tag := text[at[2]:at[3]]; countGraphemes(tag) <= maxTag && !within(at[2], taken) {
			_, sign := utf8.DecodeLastRuneInString(text[:at[2]])
			add(at[2]-sign, at[3], feature{Type: "tag", Tag: tag})
		}
	}
	return found
}

func within(at int, spans []links.Span) bool {
	for _, s := range spans {
		if at >= s.Start && at < s.End {
			return true
		}
	}
	return false
}

type ratio struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// shape is left out where it is not known.
func shape(m networks.Media) *ratio {
	if m.Width <= 0 || m.Height <= 0 {
		return nil
	}
	return &ratio{m.Width, m.Height}
}

// embed is what stands below the text: pictures, a film, or a card for the
// link. The card has the link's host and path for a title: nobody looks at the
// page.
func embed(content networks.Content, blobs []blob) any {
	type image struct {
		Image blob   `json:"image"`
		Alt   string `json:"alt"`
		Shape *ratio `json:"aspectRatio,omitempty"`
	}
	var images []image
	for i, m := range content.Media {
		if m.Kind == networks.Video {
			return struct {
				Type  string `json:"$type"`
				Video blob   `json:"video"`
				Alt   string `json:"alt,omitempty"`
				Shape *ratio `json:"aspectRatio,omitempty"`
			}{"app.bsky.embed.video", blobs[i], m.Alt, shape(m)}
		}
		images = append(images, image{blobs[i], m.Alt, shape(m)})
	}
	switch {
	case len(images) > 0:
		return map[string]any{"$type": "app.bsky.embed.images", "images": images}
	case content.Link != "":
		heading := content.Link
		if address, err := url.Parse(content.Link); err == nil {
			heading = address.Host + strings.TrimSuffix(address.EscapedPath(), "/")
		}
		return map[string]any{
			"$type":    "app.bsky.embed.external",
			"external": map[string]string{"uri": content.Link, "title": heading, "description": ""},
		}
	default:
		return nil
	}
}

// write makes the record: of the same attempt always the same.
func write(a networks.Attempt, made prepared) record {
	text := a.Content.TextWithLink()
	created := a.Due
	if created.IsZero() {
		created = a.Written
	}
	return record{
		Type: collection, Text: text, Created: created.UTC().Format("2006-01-02T15:04:05.000Z"),
		Facets: facets(text, made.Mentions), Embed: embed(a.Content, made.Blobs),
	}
}

// tid makes the post's name out of its key and the time of its writing: a
// timestamp identifier, as posts have to have (atproto.com/specs/tid). What is
// below the millisecond, and the ten bits for a clock, come from the key, so
// that two posts of one moment have two names.
func tid(written time.Time, hash [8]byte) string {
	const alphabet = "234567abcdefghijklmnopqrstuvwxyz"
	micros := uint64(max(written.UnixMilli(), 0))*1000 + uint64(hash[0])<<2%1000 + uint64(hash[1]&3)
	value := micros<<10 | uint64(hash[2])<<2&0x3ff | uint64(hash[3]&3)
	name := make([]byte, 13)
	for i := len(name) - 1; i >= 0; i-- {
		name[i] = alphabet[value&31]
		value >>= 5
	}
	return string(name)
}
