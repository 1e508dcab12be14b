package mastodon

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"

	"behalf/internal/networks"
	"behalf/internal/networks/text"
)

const (
	pageSize = 40 // the API's limit
	maxPages = 5

	// clocksDiffer is how far the server's clock may be behind ours.
	clocksDiffer = 2 * time.Minute
)

// Reconcile implements networks.Connector: it looks for the text among the
// account's posts since the attempt began. When there are more of them than it
// reads, it does not know.
func (c *Connector) Reconcile(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Verdict, error) {
	unknown := networks.Verdict{State: networks.Unknown}
	tokens, id, err := open(s)
	if err != nil {
		return unknown, err
	}
	since := a.Begun.Add(-clocksDiffer)
	wanted := text.Essence(shortMentions(a.Content.TextWithLink()))
	if wanted == "" { // a post without words cannot be told from another
		return unknown, nil
	}
	query := url.Values{"limit": {"40"}, "exclude_reblogs": {"true"}}
	for range maxPages {
		var found []status
		err := c.do(ctx, call{
			kind: networks.CallRead, method: http.MethodGet, base: tokens.Host, path: "/api/v1/accounts/" + url.PathEscape(id) + "/statuses",
			query: query, token: tokens.AccessToken,
		}, &found)
		if err != nil {
			return unknown, err
		}
		for _, one := range found {
			if !one.Created.Before(since) && len(one.Media) == len(a.Content.Media) && text.Essence(shortMentions(textOf(one.Content))) == wanted {
				return networks.Verdict{State: networks.Live, Published: one.published()}, nil
			}
		}
		// Pinned posts are not among them: the list is in the order of time.
		if len(found) < pageSize || found[len(found)-1].Created.Before(since) {
			return networks.Verdict{State: networks.Absent}, nil
		}
		query.Set("max_id", found[len(found)-1].ID)
	}
	return unknown, nil
}

// textOf is what people read of a post.
func textOf(content string) string {
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(content))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.WriteString(tokens.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			if tag := tokens.Token().Data; tag == "br" || tag == "p" {
				b.WriteByte('\n') // a word ends here
			}
		}
	}
}
