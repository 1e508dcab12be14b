package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
)

// messageForm is a message (resources/webhook#execute-webhook). Nobody is
// mentioned: a text that says @everyone only says so.
type messageForm struct {
	Content     string           `json:"content"`
	Mentions    mentionsForm     `json:"allowed_mentions"`
	Attachments []attachmentForm `json:"attachments,omitempty"`
}

type mentionsForm struct {
	Parse []string `json:"parse"`
}

type attachmentForm struct {
	ID          int    `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// Prepare implements networks.Connector: files go with the message.
func (c *Connector) Prepare(context.Context, networks.Session, networks.Attempt, networks.Save) (networks.Prepared, error) {
	return nil, nil
}

// Discard implements networks.Connector.
func (c *Connector) Discard(context.Context, networks.Session, networks.Prepared) error { return nil }

// Publish implements networks.Connector. Without wait=true Discord would answer
// before it has saved the message, and call that a success.
func (c *Connector) Publish(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Published, error) {
	r, err := c.call(networks.CallPublish, http.MethodPost, s.Credential, "")
	if err != nil {
		return networks.Published{}, err
	}
	r.Query = url.Values{"wait": {"true"}}
	message := messageForm{Content: a.Content.TextWithLink(), Mentions: mentionsForm{Parse: []string{}}}
	for i, m := range a.Content.Media {
		message.Attachments = append(message.Attachments, attachmentForm{ID: i, Filename: m.Name, Description: m.Alt})
	}
	if len(a.Content.Media) == 0 {
		r.JSON = message
	} else if r, err = withFiles(ctx, r, message, a.Content.Media); err != nil {
		return networks.Published{}, err
	}
	var made struct {
		ID string `json:"id"`
	}
	if _, err := c.rest.Do(ctx, r, &made); err != nil {
		return networks.Published{}, err
	}
	if made.ID == "" {
		return networks.Published{}, c.rest.Unreadable(networks.CallPublish)
	}
	return networks.Published{RemoteID: made.ID, URL: "https://discord.com/channels/" + s.Account + "/" + made.ID}, nil
}

// withFiles makes the request a form (reference#uploading-files).
func withFiles(ctx context.Context, r rest.Request, message messageForm, media []networks.Media) (rest.Request, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	written, err := json.Marshal(message)
	if err == nil {
		err = form.WriteField("payload_json", string(written))
	}
	if err != nil {
		return r, rest.Unopened(err)
	}
	for i, m := range media {
		content, err := rest.Read(ctx, m)
		if err != nil {
			return r, err
		}
		part, err := form.CreateFormFile(fmt.Sprintf("files[%d]", i), m.Name)
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			return r, rest.Unopened(err)
		}
	}
	if err := form.Close(); err != nil {
		return r, rest.Unopened(err)
	}
	r.Body, r.Length, r.Content = &body, int64(body.Len()), form.FormDataContentType()
	return r, nil
}

// Reconcile implements networks.Connector: a webhook can read a message whose
// id it knows, and that id is what nobody heard.
func (c *Connector) Reconcile(context.Context, networks.Session, networks.Attempt) (networks.Verdict, error) {
	return networks.Verdict{State: networks.Unknown}, nil
}

// Delete implements networks.Connector.
func (c *Connector) Delete(ctx context.Context, s networks.Session, remoteID string) error {
	r, err := c.call(networks.CallDelete, http.MethodDelete, s.Credential, "/messages/"+url.PathEscape(remoteID))
	if err != nil {
		return err
	}
	_, err = c.rest.Do(ctx, r, nil)
	var failure *networks.Failure
	if errors.As(err, &failure) && failure.Code == unknownMessage {
		return nil
	}
	return err
}
