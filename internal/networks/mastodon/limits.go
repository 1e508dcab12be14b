package mastodon

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"behalf/internal/networks"
	"behalf/internal/networks/links"
	"behalf/internal/networks/outcome"
	"behalf/internal/networks/wire"
)

const (
	instanceV2 = "/api/v2/instance" // since 4.0
	instanceV1 = "/api/v1/instance" // before, and on other servers

	// Mastodon's own limits, for what a server does not say.
	defaultText   = 500
	defaultMedia  = 4
	defaultURL    = 23
	defaultAlt    = 1500
	limitsAreGood = time.Hour
)

// instance is what a server says about itself; other servers leave things out.
type instance struct {
	Version       string `json:"version"`
	Configuration struct {
		Statuses struct {
			Characters int `json:"max_characters"`
			Media      int `json:"max_media_attachments"`
			URL        int `json:"characters_reserved_per_url"`
		} `json:"statuses"`
		Media struct {
			Types       []string `json:"supported_mime_types"`
			ImageBytes  int64    `json:"image_size_limit"`
			ImagePixels int      `json:"image_matrix_limit"`
			VideoBytes  int64    `json:"video_size_limit"`
			VideoPixels int      `json:"video_matrix_limit"`
			Description int      `json:"description_limit"`
		} `json:"media_attachments"`
	} `json:"configuration"`
}

type remembered struct {
	limits networks.Limits
	until  time.Time
}

// Limits implements networks.Connector: the server's own word, kept for an hour.
func (c *Connector) Limits(ctx context.Context, account string) (networks.Limits, error) {
	base, _, ok := split(account)
	if !ok {
		return networks.Limits{}, &networks.Failure{Kind: networks.Rejected, Code: "malformed_id", Detail: "This is no account of a Mastodon server."}
	}
	c.mu.Lock()
	kept, found := c.limits[base]
	c.mu.Unlock()
	if found && time.Now().Before(kept.until) {
		return kept.limits, nil
	}
	said, err := c.instance(ctx, base)
	if err != nil {
		return networks.Limits{}, err
	}
	kept = remembered{said.limits(), time.Now().Add(limitsAreGood)}
	c.mu.Lock()
	c.limits[base] = kept
	c.mu.Unlock()
	return kept.limits, nil
}

func (c *Connector) instance(ctx context.Context, base string) (said instance, err error) {
	for _, path := range []string{instanceV2, instanceV1} {
		answer, problem := c.send(ctx, call{kind: networks.CallRead, method: http.MethodGet, base: base, path: path})
		if problem != nil {
			return said, problem
		}
		if failure := c.Classify(answer); failure != nil {
			err = failure
			if answer.Status == http.StatusNotFound {
				continue
			}
			return said, err
		}
		return said, outcome.Read(title, answer, &said)
	}
	return said, err
}

func (i instance) limits() networks.Limits {
	s, m := i.Configuration.Statuses, i.Configuration.Media
	perURL := or(s.URL, defaultURL)
	most := or(s.Media, defaultMedia)
	images := networks.MediaLimit{Max: most, Types: ofKind(m.Types, "image/"), MaxBytes: m.ImageBytes, MaxPixels: m.ImagePixels}
	videos := networks.MediaLimit{Max: 1, Types: ofKind(m.Types, "video/"), MaxBytes: m.VideoBytes, MaxPixels: m.VideoPixels}
	if len(m.Types) > 0 && len(images.Types) == 0 {
		images.Max = 0
	}
	if len(m.Types) > 0 && len(videos.Types) == 0 {
		videos.Max = 0
	}
	return networks.Limits{
		Text: networks.TextLimit{
			Min: 1, Max: or(s.Characters, defaultText), Unit: "characters", Count: func(text string) int { return count(text, perURL) },
		},
		Link: networks.LinkInText, Images: images, Videos: videos, MaxMedia: most, MaxAlt: or(m.Description, defaultAlt),
	}
}

func or(said, otherwise int) int {
	if said > 0 {
		return said
	}
	return otherwise
}

func ofKind(types []string, prefix string) (found []string) {
	for _, one := range types {
		if strings.HasPrefix(one, prefix) {
			found = append(found, one)
		}
	}
	return found
}

// fullMention is a handle with its server, of which the first part alone is counted.
var fullMention = regexp.MustCompile(`(^|[^/\w])@(\w+(?:[\w.-]*\w)?)@[\w.-]+\w`)

// count counts as Mastodon does: what people take for characters, every address
// as the same number of them, and no servers in mentions.
func count(text string, perURL int) int {
	n, done := 0, 0
	for _, span := range links.Find(text) {
		n += plain(text[done:span.Start]) + perURL
		done = span.End
	}
	return n + plain(text[done:])
}

func plain(text string) (n int) {
	for g := graphemes.FromString(shortMentions(text)); g.Next(); {
		n++
	}
	return n
}

func shortMentions(text string) string { return fullMention.ReplaceAllString(text, "$1@$2") }

func isNoHost(err error) bool { return errors.Is(err, wire.ErrNoHost) }
