package x

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
)

type postForm struct {
	Text  string     `json:"text,omitempty"`
	Media *mediaList `json:"media,omitempty"`
}

type mediaList struct {
	IDs []string `json:"media_ids"`
}

// Publish implements networks.Connector.
func (c *Connector) Publish(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Published, error) {
	tokens, err := rest.Bearer(s.Credential, title)
	if err != nil {
		return networks.Published{}, err
	}
	post, err := form(a)
	if err != nil {
		return networks.Published{}, err
	}
	var made struct {
		Data struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	_, err = c.rest.Do(ctx, rest.Request{
		Call: networks.CallPublish, Method: http.MethodPost, URL: c.at.API + "/2/tweets", Bearer: tokens.AccessToken, JSON: post,
	}, &made)
	if networks.KindOf(err) == networks.Duplicate {
		return networks.Published{}, c.duplicate(ctx, s, a, err)
	}
	if err != nil {
		return networks.Published{}, err
	}
	if made.Data.ID == "" {
		return networks.Published{}, c.rest.Unreadable(networks.CallPublish)
	}
	return published(made.Data.ID), nil
}

func form(a networks.Attempt) (postForm, error) {
	post := postForm{Text: a.Content.TextWithLink()}
	if len(a.Content.Media) == 0 {
		return post, nil
	}
	var prepared preparedForm
	if json.Unmarshal(a.Prepared, &prepared) != nil || len(prepared.Media) != len(a.Content.Media) {
		return post, errors.New("publish on X: the media were not prepared")
	}
	post.Media = &mediaList{}
	for _, m := range prepared.Media {
		post.Media.IDs = append(post.Media.IDs, m.ID)
	}
	return post, nil
}

// duplicate names the post whose text X does not want again, if it was made
// since the revision was written: an earlier attempt's, which nobody heard of.
func (c *Connector) duplicate(ctx context.Context, s networks.Session, a networks.Attempt, refused error) error {
	var failure *networks.Failure
	if !errors.As(refused, &failure) {
		return refused
	}
	found, err := c.scan(ctx, s, a.Content, a.Written)
	if err == nil && found.State == networks.Live {
		failure.ExistingID = found.Published.RemoteID
	}
	return failure
}

// Delete implements networks.Connector.
func (c *Connector) Delete(ctx context.Context, s networks.Session, remoteID string) error {
	tokens, err := rest.Bearer(s.Credential, title)
	if err != nil {
		return err
	}
	_, err = c.rest.Do(ctx, rest.Request{
		Call: networks.CallDelete, Method: http.MethodDelete, URL: c.at.API + "/2/tweets/" + url.PathEscape(remoteID),
		Bearer: tokens.AccessToken,
	}, &struct{}{})
	var failure *networks.Failure
	if errors.As(err, &failure) && failure.Code == problemNotFound {
		return nil
	}
	return err
}

// published is a post with its permalink, which needs no name of a person.
func published(id string) networks.Published {
	return networks.Published{RemoteID: id, URL: "https://x.com/i/web/status/" + url.PathEscape(id)}
}
