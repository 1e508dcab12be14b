package linkedin

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
	"behalf/internal/networks/text"
)

// postForm is a post (marketing/community-management/shares/posts-api).
type postForm struct {
	Author       string           `json:"author"`
	Commentary   string           `json:"commentary"`
	Visibility   string           `json:"visibility"`
	Distribution distributionForm `json:"distribution"`
	Content      *contentForm     `json:"content,omitempty"`
	State        string           `json:"lifecycleState"`
	NoReshare    bool             `json:"isReshareDisabledByAuthor"`
}

type distributionForm struct {
	Feed     string   `json:"feedDistribution"`
	Targets  []string `json:"targetEntities"`
	Channels []string `json:"thirdPartyDistributionChannels"`
}

type contentForm struct {
	Media  *mediaForm  `json:"media,omitempty"`
	Images *imagesForm `json:"multiImage,omitempty"`
}

type imagesForm struct {
	Images []mediaForm `json:"images"`
}

type mediaForm struct {
	ID  string `json:"id"`
	Alt string `json:"altText,omitempty"`
}

// Publish implements networks.Connector.
func (c *Connector) Publish(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Published, error) {
	tokens, err := rest.Bearer(s.Credential, title)
	if err != nil {
		return networks.Published{}, err
	}
	post, err := form(s.Account, a)
	if err != nil {
		return networks.Published{}, err
	}
	r := c.call(networks.CallPublish, http.MethodPost, tokens.AccessToken, "posts")
	r.JSON = post
	answer, err := c.rest.Do(ctx, r, nil)
	if err != nil {
		return networks.Published{}, err
	}
	urn := answer.Header.Get("X-Restli-Id")
	if urn == "" {
		return networks.Published{}, c.rest.Unreadable(networks.CallPublish)
	}
	return published(urn), nil
}

func form(author string, a networks.Attempt) (postForm, error) {
	post := postForm{
		Author: author, Commentary: little(a.Content.TextWithLink()), Visibility: "PUBLIC", State: "PUBLISHED",
		Distribution: distributionForm{Feed: "MAIN_FEED", Targets: []string{}, Channels: []string{}},
	}
	if len(a.Content.Media) == 0 {
		return post, nil
	}
	var done preparedForm
	if json.Unmarshal(a.Prepared, &done) != nil || len(done.Media) != len(a.Content.Media) {
		return post, errors.New("publish on LinkedIn: the media were not prepared")
	}
	var media []mediaForm
	for i, m := range a.Content.Media {
		one := mediaForm{ID: done.Media[i], Alt: m.Alt}
		media = append(media, one)
	}
	post.Content = &contentForm{Media: &media[0]}
	if len(media) > 1 {
		post.Content = &contentForm{Images: &imagesForm{media}}
	}
	return post, nil
}

// Delete implements networks.Connector. LinkedIn answers the same for a post
// that is gone already.
func (c *Connector) Delete(ctx context.Context, s networks.Session, remoteID string) error {
	tokens, err := rest.Bearer(s.Credential, title)
	if err != nil {
		return err
	}
	r := c.call(networks.CallDelete, http.MethodDelete, tokens.AccessToken, "posts/"+url.PathEscape(remoteID))
	r.Header["X-RestLi-Method"] = "DELETE"
	_, err = c.rest.Do(ctx, r, nil)
	if networks.KindOf(err) == networks.Gone {
		return nil
	}
	return err
}

const (
	scanSize  = 50
	clockSkew = 30 * time.Second // how far LinkedIn's clock may be from ours
)

// Reconcile implements networks.Connector: an organization's posts since the
// attempt began are read; a person's cannot be.
func (c *Connector) Reconcile(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Verdict, error) {
	unknown := networks.Verdict{State: networks.Unknown}
	if !c.organizations {
		return unknown, nil
	}
	tokens, err := rest.Bearer(s.Credential, title)
	want := text.Essence(a.Content.TextWithLink())
	if err != nil || want == "" { // a post without words cannot be told from another
		return unknown, err
	}
	since := a.Begun.Add(-clockSkew).UnixMilli()
	for start := 0; start < scanSize*maxLists; start += scanSize {
		posts, err := c.posted(ctx, tokens.AccessToken, s.Account, start)
		if err != nil {
			return unknown, err
		}
		for _, post := range posts {
			if post.Created < since {
				return networks.Verdict{State: networks.Absent}, nil
			}
			if text.Essence(plain(post.Commentary)) == want && post.ID != "" {
				return networks.Verdict{State: networks.Live, Published: published(post.ID)}, nil
			}
		}
		if len(posts) < scanSize {
			return networks.Verdict{State: networks.Absent}, nil
		}
	}
	return unknown, nil
}

// published is a post with its permalink.
func published(urn string) networks.Published {
	return networks.Published{RemoteID: urn, URL: "https://www.linkedin.com/feed/update/" + urn + "/"}
}
