package networks

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Limits is what a post may hold, by the network's documentation or its host's
// own word. Zero bounds are no bounds, unless said otherwise.
type Limits struct {
	Text       TextLimit
	Link       LinkPlace
	Images     MediaLimit
	Videos     MediaLimit
	MaxMedia   int  // pictures and films together; 0 = none are taken
	Mixed      bool // pictures and films in one post
	NeedsMedia bool // a post without any is refused
	MaxAlt     int  // characters of an alternative text; 0 = the network shows none
}

// TextLimit is how much text a post may hold.
type TextLimit struct {
	Min, Max int              // Min counts only for a post without media
	Unit     string           // what is counted, for people: "characters"
	Count    func(string) int // counts as the network counts
}

// LinkPlace is where a post's link goes.
type LinkPlace string

// The places of a link.
const (
	LinkInText LinkPlace = "in_text" // behind the text, and counted with it: Content.TextWithLink
	LinkCard   LinkPlace = "card"    // a place of its own
)

// MediaLimit is what media of one kind may be like.
type MediaLimit struct {
	Max                      int      // how many; 0 = none
	Types                    []string // media types that are taken
	MaxBytes                 int64
	MaxPixels                int // width times height
	MaxSide                  int // of width and height the larger one
	MinDuration, MaxDuration time.Duration
}

// Violation is one thing about a content that the network would refuse (R60).
type Violation struct {
	Field  string `json:"field" doc:"Where it is: text, link, media or media[2]."`
	Code   string `json:"code" doc:"For machines."`
	Detail string `json:"detail" doc:"For people, with the limit and what was found."`
}

// Check names everything about the content that the network would refuse, in
// the content's order (R60). It opens no media.
func (l Limits) Check(c Content) []Violation {
	var found []Violation
	add := func(field, code, detail string, args ...any) {
		found = append(found, Violation{Field: field, Code: code, Detail: fmt.Sprintf(detail, args...)})
	}
	text := c.Text
	if l.Link == LinkInText {
		text = c.TextWithLink()
	}
	length := l.Text.Count(text)
	if l.Text.Max > 0 && length > l.Text.Max {
		add("text", "text_too_long", "The text has %d %s, and the network takes %d.", length, l.Text.Unit, l.Text.Max)
	}
	if length < l.Text.Min && len(c.Media) == 0 {
		add("text", "text_too_short", "The text has %d %s, and the network asks for %d.", length, l.Text.Unit, l.Text.Min)
	}
	if l.NeedsMedia && len(c.Media) == 0 {
		add("media", "media_needed", "The network takes no post without a picture or a film.")
	}
	if len(c.Media) > l.MaxMedia {
		add("media", "too_many_media", "The post has %d pictures and films, and the network takes %d.", len(c.Media), l.MaxMedia)
	}
	counts := map[MediaKind]int{}
	for i, m := range c.Media {
		counts[m.Kind]++
		l.of(m.Kind).check(m, l.MaxAlt, func(code, detail string, args ...any) {
			add(fmt.Sprintf("media[%d]", i), code, detail, args...)
		})
	}
	for _, kind := range []MediaKind{Image, Video} {
		if limit := l.of(kind).Max; counts[kind] > limit && len(c.Media) <= l.MaxMedia {
			add("media", "too_many_"+string(kind)+"s", "The post has %d of kind %s, and the network takes %d.", counts[kind], kind, limit)
		}
	}
	if !l.Mixed && counts[Image] > 0 && counts[Video] > 0 {
		add("media", "mixed_media", "The network takes pictures or a film in one post, not both.")
	}
	return found
}

func (l Limits) of(kind MediaKind) MediaLimit {
	if kind == Video {
		return l.Videos
	}
	return l.Images
}

func (l MediaLimit) check(m Media, maxAlt int, add func(code, detail string, args ...any)) {
	if len(l.Types) > 0 && !slices.Contains(l.Types, m.Type) {
		add("wrong_type", "The network does not take %s; it takes %s.", m.Type, strings.Join(l.Types, ", "))
	}
	if l.MaxBytes > 0 && m.Size > l.MaxBytes {
		add("too_large", "The file has %d bytes, and the network takes %d.", m.Size, l.MaxBytes)
	}
	if l.MaxPixels > 0 && m.Width*m.Height > l.MaxPixels {
		add("too_many_pixels", "The picture has %d x %d pixels, and the network takes %d in all.", m.Width, m.Height, l.MaxPixels)
	}
	if l.MaxSide > 0 && max(m.Width, m.Height) > l.MaxSide {
		add("too_wide", "The picture has %d x %d pixels, and the network takes %d on a side.", m.Width, m.Height, l.MaxSide)
	}
	if l.MaxDuration > 0 && m.Duration > l.MaxDuration {
		add("too_long", "The film takes %s, and the network takes %s.", m.Duration, l.MaxDuration)
	}
	if m.Duration < l.MinDuration {
		add("too_short", "The film takes %s, and the network asks for %s.", m.Duration, l.MinDuration)
	}
	if length := len([]rune(m.Alt)); maxAlt > 0 && length > maxAlt {
		add("alt_too_long", "The alternative text has %d characters, and the network takes %d.", length, maxAlt)
	}
}
