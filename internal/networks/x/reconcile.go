package x

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
	"behalf/internal/networks/text"
)

const (
	pageSize = "100" // posts; the most that a page may have
	maxPages = 5
	// clockSkew is how far X's clock may be from ours.
	clockSkew = 30 * time.Second
)

type timelineForm struct {
	Data []timelinePost `json:"data"`
	Meta *struct {
		Next string `json:"next_token"`
	} `json:"meta"`
}

type timelinePost struct {
	ID       string `json:"id"`
	Text     string `json:"text"`
	Entities struct {
		URLs []struct {
			URL      string `json:"url"`
			Expanded string `json:"expanded_url"`
			MediaKey string `json:"media_key"`
		} `json:"urls"`
	} `json:"entities"`
}

// Reconcile implements networks.Connector: it looks for the text among what was
// posted since the attempt began.
func (c *Connector) Reconcile(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Verdict, error) {
	return c.scan(ctx, s, a.Content, a.Begun)
}

// scan is Absent only when it has seen everything since then.
func (c *Connector) scan(
	ctx context.Context, s networks.Session, content networks.Content, since time.Time,
) (networks.Verdict, error) {
	unknown := networks.Verdict{State: networks.Unknown}
	tokens, err := rest.Bearer(s.Credential, title)
	if err != nil {
		return unknown, err
	}
	query := url.Values{
		"max_results": {pageSize}, "exclude": {"retweets"}, "tweet.fields": {"created_at,entities"},
		"start_time": {since.Add(-clockSkew).UTC().Format("2006-01-02T15:04:05Z")},
	}
	want := text.Essence(content.TextWithLink())
	if want == "" { // a post without words cannot be told from another
		return unknown, nil
	}
	for range maxPages {
		var page timelineForm
		_, err := c.rest.Do(ctx, rest.Request{
			Call: networks.CallRead, Method: http.MethodGet, URL: c.at.API + "/2/users/" + url.PathEscape(s.Account) + "/tweets",
			Query: query, Bearer: tokens.AccessToken,
		}, &page)
		if err != nil {
			return unknown, err
		}
		if page.Meta == nil {
			return unknown, c.rest.Unreadable(networks.CallRead)
		}
		for _, post := range page.Data {
			if post.ID != "" && post.said() == want {
				return networks.Verdict{State: networks.Live, Published: published(post.ID)}, nil
			}
		}
		if page.Meta.Next == "" {
			return networks.Verdict{State: networks.Absent}, nil
		}
		query.Set("pagination_token", page.Meta.Next)
	}
	return unknown, nil
}

// escaped are the characters that X answers as entities, and no others.
var escaped = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

// said is the essence of the text that was sent: X answers it with every
// address shortened, and the address of its media behind it. Addresses come back
// as they are: nothing in them is an entity.
func (p timelinePost) said() string {
	said := escaped.Replace(p.Text)
	for _, u := range p.Entities.URLs {
		switch {
		case u.URL == "":
		case u.MediaKey != "" || strings.Contains(u.Expanded, "/status/"+p.ID+"/"):
			said = strings.TrimSuffix(strings.TrimSpace(said), u.URL)
		default:
			said = strings.Replace(said, u.URL, u.Expanded, 1)
		}
	}
	return text.Essence(said)
}
