package x

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
)

// preparedForm is what Prepare keeps: for each medium of the content, in its order.
type preparedForm struct {
	Media []uploaded `json:"media"`
}

// uploaded is a medium that X holds. It forgets it after a day unless it is
// posted; nothing removes it earlier.
type uploaded struct {
	ID  string `json:"id"`
	Alt bool   `json:"alt,omitempty"` // its alternative text is there as well
}

// Prepare implements networks.Connector: it uploads the media.
func (c *Connector) Prepare(
	ctx context.Context, s networks.Session, a networks.Attempt, save networks.Save,
) (networks.Prepared, error) {
	if len(a.Content.Media) == 0 {
		return nil, nil
	}
	tokens, err := rest.Bearer(s.Credential, title)
	if err != nil {
		return nil, err
	}
	var done preparedForm
	if a.Prepared != nil && json.Unmarshal(a.Prepared, &done) != nil {
		done = preparedForm{}
	}
	for i, m := range a.Content.Media {
		if i == len(done.Media) {
			id, err := c.upload(ctx, tokens.AccessToken, m)
			if err != nil {
				return nil, err
			}
			done.Media = append(done.Media, uploaded{ID: id})
			if err := save(ctx, done.written()); err != nil {
				return nil, err
			}
		}
		if m.Alt != "" && !done.Media[i].Alt {
			if err := c.describe(ctx, tokens.AccessToken, done.Media[i].ID, m.Alt); err != nil {
				return nil, err
			}
			done.Media[i].Alt = true
		}
	}
	return done.written(), nil
}

func (p preparedForm) written() networks.Prepared {
	written, _ := json.Marshal(p) // strings and flags
	return written
}

// Discard implements networks.Connector: X forgets unused media by itself.
func (c *Connector) Discard(context.Context, networks.Session, networks.Prepared) error { return nil }

type mediaForm struct {
	Data struct {
		ID         string          `json:"id"`
		Processing *processingForm `json:"processing_info"`
	} `json:"data"`
}

type processingForm struct {
	State string `json:"state"`
	After int    `json:"check_after_secs"`
}

func (c *Connector) upload(ctx context.Context, token networks.Secret, m networks.Media) (id string, err error) {
	if m.Kind == networks.Video {
		return c.uploadFilm(ctx, token, m)
	}
	content, err := rest.Read(ctx, m)
	if err != nil {
		return "", err
	}
	r, err := rest.Request{
		Call: networks.CallPrepare, Method: http.MethodPost, URL: c.at.API + "/2/media/upload", Bearer: token,
	}.Multipart(map[string]string{"media_category": "tweet_image"}, rest.File{Field: "media", Name: m.Name, Content: content})
	if err != nil {
		return "", err
	}
	return c.media(ctx, r)
}

// uploadFilm sends it in segments and waits until X has worked on it. An
// upload that was broken off is begun again: X drops the pieces.
func (c *Connector) uploadFilm(ctx context.Context, token networks.Secret, m networks.Media) (id string, err error) {
	call := rest.Request{Call: networks.CallPrepare, Method: http.MethodPost, Bearer: token}
	begin := call
	begin.URL = c.at.API + "/2/media/upload/initialize"
	begin.JSON = map[string]any{"media_type": m.Type, "media_category": "tweet_video", "total_bytes": m.Size}
	if id, err = c.media(ctx, begin); err != nil {
		return "", err
	}
	call.URL = c.at.API + "/2/media/upload/" + url.PathEscape(id)
	if err := c.segments(ctx, call, m); err != nil {
		return "", err
	}
	var finished mediaForm
	call.URL += "/finalize"
	if _, err := c.rest.Do(ctx, call, &finished); err != nil {
		return "", err
	}
	return id, c.processed(ctx, token, id, finished.Data.Processing)
}

func (c *Connector) segments(ctx context.Context, call rest.Request, m networks.Media) error {
	film, err := rest.Open(ctx, m)
	if err != nil {
		return err
	}
	defer func() { _ = film.Close() }()
	call.URL += "/append"
	for index := 0; ; index++ {
		var segment bytes.Buffer
		n, err := io.CopyN(&segment, film, segmentBytes)
		if n > 0 {
			r, err := call.Multipart(map[string]string{"segment_index": strconv.Itoa(index)},
				rest.File{Field: "media", Name: m.Name, Content: segment.Bytes()})
			if err != nil {
				return err
			}
			if _, err := c.rest.Do(ctx, r, nil); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return rest.Unopened(err)
		}
	}
}

// processed waits until X has worked on a film. The context bounds the wait.
func (c *Connector) processed(ctx context.Context, token networks.Secret, id string, state *processingForm) error {
	for state != nil && state.State != "succeeded" {
		if state.State == "failed" {
			return &networks.Failure{
				Kind: networks.Rejected, Code: "media_failed", Detail: "X could not work with this film.",
			}
		}
		select {
		case <-time.After(max(time.Duration(state.After)*time.Second, 100*time.Millisecond)):
		case <-ctx.Done():
			failure := c.rest.Unreadable(networks.CallPrepare)
			failure.Code, failure.Cause = "media_in_progress", ctx.Err()
			return failure
		}
		var read mediaForm
		_, err := c.rest.Do(ctx, rest.Request{
			Call: networks.CallPrepare, Method: http.MethodGet, URL: c.at.API + "/2/media/upload", Bearer: token,
			Query: url.Values{"media_id": {id}, "command": {"STATUS"}},
		}, &read)
		if err != nil {
			return err
		}
		state = read.Data.Processing
	}
	return nil
}

func (c *Connector) media(ctx context.Context, r rest.Request) (id string, err error) {
	var made mediaForm
	if _, err := c.rest.Do(ctx, r, &made); err != nil {
		return "", err
	}
	if made.Data.ID == "" {
		return "", c.rest.Unreadable(r.Call)
	}
	return made.Data.ID, nil
}

// describe gives a medium its alternative text; doing it again changes nothing.
func (c *Connector) describe(ctx context.Context, token networks.Secret, id, alt string) error {
	_, err := c.rest.Do(ctx, rest.Request{
		Call: networks.CallPrepare, Method: http.MethodPost, URL: c.at.API + "/2/media/metadata", Bearer: token,
		JSON: map[string]any{"id": id, "metadata": map[string]any{"alt_text": map[string]any{"text": alt}}},
	}, nil)
	return err
}
