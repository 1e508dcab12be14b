package pages

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/text"
)

// clockSkew is how far Facebook's clock may be from ours.
const clockSkew = 30 * time.Second

type publishedForm struct {
	ID          string `json:"id"`
	Message     string `json:"message"`
	Attachments struct {
		Data []struct {
			Type   string `json:"type"`
			Target struct {
				ID string `json:"id"`
			} `json:"target"`
		} `json:"data"`
	} `json:"attachments"`
}

// Reconcile implements networks.Connector: it looks for the text among what the
// page has published since the attempt began. A post without words cannot be
// told from another.
func (c *Connector) Reconcile(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Verdict, error) {
	unknown := networks.Verdict{State: networks.Unknown}
	token, err := page(s)
	want := text.Essence(message(a.Content))
	if err != nil || want == "" {
		return unknown, err
	}
	parameters := url.Values{
		"fields": {"id,message,created_time,attachments{type,target}"}, "limit": {"100"},
		"since": {strconv.FormatInt(a.Begun.Add(-clockSkew).Unix(), 10)},
	}
	for range maxPages {
		var list struct {
			Data   *[]publishedForm `json:"data"`
			Paging pagingForm       `json:"paging"`
		}
		if err := c.get(ctx, token, parameters, &list, s.Account, "published_posts"); err != nil {
			return unknown, err
		}
		if list.Data == nil {
			return unknown, c.rest.Unreadable(networks.CallRead)
		}
		for _, post := range *list.Data {
			if text.Essence(post.Message) == want && post.ID != "" {
				return networks.Verdict{State: networks.Live, Published: published(post.id(a.Content))}, nil
			}
		}
		if list.Paging.Next == "" {
			return networks.Verdict{State: networks.Absent}, nil
		}
		parameters.Set("after", list.Paging.Cursors.After)
	}
	return unknown, nil
}

// id is what Publish would have answered: of a film its own, not its post's.
func (p publishedForm) id(c networks.Content) string {
	if len(c.Media) > 0 && c.Media[0].Kind == networks.Video && len(p.Attachments.Data) > 0 && p.Attachments.Data[0].Target.ID != "" {
		return p.Attachments.Data[0].Target.ID
	}
	return p.ID
}
