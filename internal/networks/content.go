package networks

import (
	"context"
	"io"
	"strings"
	"time"
)

// Content is what one target of a post says.
type Content struct {
	Text  string
	Link  string // an http or https address, shown as a card where the network has them; see Limits.Link
	Media []Media
}

// TextWithLink is the text as it is sent where the network has no place of its
// own for a link.
func (c Content) TextWithLink() string {
	switch {
	case c.Link == "" || strings.Contains(c.Text, c.Link):
		return c.Text
	case c.Text == "":
		return c.Link
	default:
		return c.Text + "\n\n" + c.Link
	}
}

// MediaKind is what a medium is.
type MediaKind string

// The kinds of media.
const (
	Image MediaKind = "image"
	Video MediaKind = "video"
)

// Media is one picture or film of a post.
type Media struct {
	ID            string // ours, stable
	Kind          MediaKind
	Type          string // media type by content, as "image/jpeg"
	Name          string // a file name for the network, with the type's extension
	Size          int64  // bytes
	Width, Height int    // pixels, as shown
	Duration      time.Duration
	Alt           string // what somebody reads who cannot see it; may be empty

	// Open reads the content from its begin; close it. Nil where only limits are
	// checked.
	Open func(ctx context.Context) (io.ReadCloser, error)
	// Public makes an address that the network can fetch the content from for
	// the given time. Nil where this installation has no public address.
	Public func(lasting time.Duration) string
}
