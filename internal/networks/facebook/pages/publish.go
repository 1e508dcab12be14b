package pages

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
)

// message is the post's text. A card and media exclude each other: beside media
// the link stands in the text.
func message(c networks.Content) string {
	if len(c.Media) > 0 {
		return c.TextWithLink()
	}
	return c.Text
}

// Publish implements networks.Connector.
func (c *Connector) Publish(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Published, error) {
	token, err := page(s)
	if err != nil {
		return networks.Published{}, err
	}
	r := rest.Request{Call: networks.CallPublish, Method: http.MethodPost}
	form := url.Values{}
	done := opened(a.Prepared)
	switch {
	case len(a.Content.Media) == 0:
		if a.Content.Link != "" {
			form.Set("link", a.Content.Link)
		}
	case a.Content.Media[0].Kind == networks.Video && done.Film != "":
		r.URL = address(c.at.Video, []string{s.Account, "videos"})
		form.Set("description", message(a.Content))
		form.Set("fbuploader_video_file_chunk", done.Film)
	case len(done.Photos) == len(a.Content.Media):
		for i, id := range done.Photos {
			attached, _ := json.Marshal(map[string]string{"media_fbid": id})
			form.Set(fmt.Sprintf("attached_media[%d]", i), string(attached))
		}
	default:
		return networks.Published{}, errors.New("publish on Facebook: the media were not prepared")
	}
	if r.URL == "" {
		r.URL = c.graph(s.Account, "feed")
		form.Set("message", message(a.Content))
	}
	r.Form = c.signed(token, form)
	id, err := c.made(ctx, c.rest, r)
	if err != nil {
		return networks.Published{}, err
	}
	return published(id), nil
}

// Delete implements networks.Connector.
func (c *Connector) Delete(ctx context.Context, s networks.Session, remoteID string) error {
	token, err := page(s)
	if err != nil {
		return err
	}
	_, err = c.rest.Do(ctx, rest.Request{
		Call: networks.CallDelete, Method: http.MethodDelete, URL: c.graph(remoteID), Query: c.signed(token, nil),
	}, &struct{}{})
	if networks.KindOf(err) == networks.Gone {
		return nil
	}
	return err
}

// published is a post or a film with its permalink.
func published(id string) networks.Published {
	return networks.Published{RemoteID: id, URL: "https://www.facebook.com/" + url.PathEscape(id)}
}
