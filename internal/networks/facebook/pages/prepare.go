package pages

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
)

// preparedForm is what Prepare keeps: the ids of pictures that nobody sees yet,
// in the content's order, or the handle of an uploaded film.
type preparedForm struct {
	Photos []string `json:"photos,omitempty"`
	Film   string   `json:"film,omitempty"`
}

func (p preparedForm) written() networks.Prepared {
	written, _ := json.Marshal(p) // strings
	return written
}

func opened(p networks.Prepared) (done preparedForm) {
	if json.Unmarshal(p, &done) != nil {
		return preparedForm{}
	}
	return done
}

// Prepare implements networks.Connector: it uploads the media, unpublished.
func (c *Connector) Prepare(
	ctx context.Context, s networks.Session, a networks.Attempt, save networks.Save,
) (networks.Prepared, error) {
	if len(a.Content.Media) == 0 {
		return nil, nil
	}
	token, err := page(s)
	if err != nil {
		return nil, err
	}
	done := opened(a.Prepared)
	for i, m := range a.Content.Media {
		switch {
		case m.Kind == networks.Video && done.Film == "":
			done.Film, err = c.uploadFilm(ctx, token, m)
		case m.Kind == networks.Image && i == len(done.Photos):
			var id string
			id, err = c.uploadPhoto(ctx, token, s.Account, m)
			done.Photos = append(done.Photos, id)
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := save(ctx, done.written()); err != nil {
			return nil, err
		}
	}
	return done.written(), nil
}

// uploadPhoto makes a photo of the page that no post shows yet.
func (c *Connector) uploadPhoto(ctx context.Context, token networks.Secret, page string, m networks.Media) (string, error) {
	content, err := rest.Read(ctx, m)
	if err != nil {
		return "", err
	}
	fields := map[string]string{"published": "false"}
	if m.Alt != "" {
		fields["alt_text_custom"] = m.Alt
	}
	for name, values := range c.signed(token, nil) {
		fields[name] = values[0]
	}
	r, err := rest.Request{
		Call: networks.CallPrepare, Method: http.MethodPost, URL: c.graph(page, "photos"),
	}.Multipart(fields, rest.File{Field: "source", Name: m.Name, Content: content})
	if err != nil {
		return "", err
	}
	return c.made(ctx, c.upload, r)
}

// uploadFilm hands a film to the Resumable Upload API (docs/graph-api/guides/upload),
// whose handle publishes it later. An upload that was broken off is begun again.
func (c *Connector) uploadFilm(ctx context.Context, token networks.Secret, m networks.Media) (handle string, err error) {
	session, err := c.made(ctx, c.rest, rest.Request{
		Call: networks.CallPrepare, Method: http.MethodPost, URL: c.graph(c.app, "uploads"),
		Form: c.signed(token, url.Values{
			"file_name": {m.Name}, "file_length": {strconv.FormatInt(m.Size, 10)}, "file_type": {m.Type},
		}),
	})
	if err != nil {
		return "", err
	}
	film, err := rest.Open(ctx, m)
	if err != nil {
		return "", err
	}
	defer func() { _ = film.Close() }()
	var done struct {
		Handle string `json:"h"`
	}
	_, err = c.upload.Do(ctx, rest.Request{
		Call: networks.CallPrepare, Method: http.MethodPost, URL: c.graph(session),
		Header: map[string]string{"Authorization": "OAuth " + token.Reveal(), "file_offset": "0"},
		Body:   film, Length: m.Size, Content: "application/octet-stream",
	}, &done)
	if err == nil && done.Handle == "" {
		err = c.rest.Unreadable(networks.CallPrepare)
	}
	return done.Handle, err
}

// made makes a call that answers the id of what it made.
func (c *Connector) made(ctx context.Context, client rest.Client, r rest.Request) (id string, err error) {
	var read struct {
		ID string `json:"id"`
	}
	if _, err := client.Do(ctx, r, &read); err != nil {
		return "", err
	}
	if read.ID == "" {
		return "", c.rest.Unreadable(r.Call)
	}
	return read.ID, nil
}

// Discard implements networks.Connector: photos that no post shows are deleted;
// of an uploaded film Facebook forgets the handle.
func (c *Connector) Discard(ctx context.Context, s networks.Session, p networks.Prepared) error {
	for _, id := range opened(p).Photos {
		if err := c.Delete(ctx, s, id); err != nil {
			return err
		}
	}
	return nil
}
