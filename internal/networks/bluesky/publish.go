package bluesky

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
)

// prepared is what a post refers to.
type prepared struct {
	Blobs    []blob            `json:"blobs,omitempty"`    // in the content's order
	Mentions map[string]string `json:"mentions,omitempty"` // identity by handle; "" for one that nobody has
}

// blob is an upload, as the server describes it and a record refers to it
// (atproto.com/specs/data-model#blob-type).
type blob struct {
	Type string `json:"$type"`
	Ref  struct {
		Link string `json:"$link"`
	} `json:"ref"`
	MIME string `json:"mimeType"`
	Size int64  `json:"size"`
}

// Prepare implements networks.Connector: it uploads media, which the server
// removes by itself if no post refers to them, and looks up who is mentioned.
func (c *Connector) Prepare(
	ctx context.Context, s networks.Session, a networks.Attempt, save networks.Save,
) (networks.Prepared, error) {
	pair, err := open(s)
	if err != nil {
		return nil, err
	}
	made, err := read(a.Prepared)
	if err != nil {
		return nil, err
	}
	for _, m := range a.Content.Media[min(len(made.Blobs), len(a.Content.Media)):] {
		uploaded, err := c.upload(ctx, pair, m)
		if err != nil {
			return nil, err
		}
		made.Blobs = append(made.Blobs, uploaded)
		written, err := json.Marshal(made)
		if err != nil {
			return nil, err
		}
		if err := save(ctx, written); err != nil {
			return nil, err
		}
	}
	if made.Mentions == nil {
		made.Mentions = map[string]string{}
	}
	for _, name := range mentioned(a.Content.TextWithLink()) {
		if _, known := made.Mentions[name]; known {
			continue
		}
		id, err := c.resolve(ctx, pair.Host, name)
		if err != nil && networks.KindOf(err) != networks.Rejected {
			return nil, err
		}
		made.Mentions[name] = id
	}
	return json.Marshal(made)
}

func read(p networks.Prepared) (made prepared, err error) {
	if len(p) == 0 {
		return prepared{}, nil
	}
	if json.Unmarshal(p, &made) != nil {
		return prepared{}, &networks.Failure{
			Kind: networks.Rejected, Code: "malformed_prepared", Detail: "What was prepared for Bluesky cannot be read any more.",
		}
	}
	return made, nil
}

func (c *Connector) upload(ctx context.Context, pair networks.SessionPair, m networks.Media) (blob, error) {
	content, err := m.Open(ctx)
	if err != nil {
		return blob{}, fmt.Errorf("open a medium: %w", err)
	}
	var made struct {
		Blob blob `json:"blob"`
	}
	err = c.tell(ctx, call{
		kind: networks.CallPrepare, host: pair.Host, name: "com.atproto.repo.uploadBlob", token: pair.Access, client: c.uploads,
		raw: content, length: m.Size, media: m.Type,
	}, &made)
	if err == nil && made.Blob.Ref.Link == "" {
		err = outcome.Unclear(title, networks.CallPrepare, "unreadable_answer")
	}
	return made.Blob, err
}

// Discard implements networks.Connector: there is nothing to remove.
func (c *Connector) Discard(context.Context, networks.Session, networks.Prepared) error { return nil }

// name is the post's in its repository.
func name(a networks.Attempt) string {
	hash := sha256.Sum256([]byte(a.Key))
	return tid(a.Written, [8]byte(hash[:8]))
}

func published(id, key string) networks.Published {
	return networks.Published{RemoteID: "at://" + id + "/" + collection + "/" + key, URL: "https://bsky.app/profile/" + id + "/post/" + key}
}

// Publish implements networks.Connector. The record's name and all of its
// content are the attempt's: writing the same again changes nothing.
func (c *Connector) Publish(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Published, error) {
	pair, err := open(s)
	if err != nil {
		return networks.Published{}, err
	}
	made, err := read(a.Prepared)
	if err != nil {
		return networks.Published{}, err
	}
	if len(made.Blobs) != len(a.Content.Media) {
		return networks.Published{}, &networks.Failure{
			Kind: networks.Rejected, Code: "not_prepared", Detail: "The post was not prepared for Bluesky.",
		}
	}
	key := name(a)
	var live struct {
		URI string `json:"uri"`
	}
	err = c.tell(ctx, call{
		kind: networks.CallPublish, host: pair.Host, name: "com.atproto.repo.putRecord", token: pair.Access,
		body: map[string]any{"repo": pair.Subject, "collection": collection, "rkey": key, "validate": true, "record": write(a, made)},
	}, &live)
	if err != nil {
		return networks.Published{}, err
	}
	post := published(pair.Subject, key)
	if live.URI != post.RemoteID {
		return networks.Published{}, outcome.Unclear(title, networks.CallPublish, "unreadable_answer")
	}
	return post, nil
}

// Reconcile implements networks.Connector: the server of the account says by
// the record's name whether it is there. It takes no token to ask.
func (c *Connector) Reconcile(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Verdict, error) {
	unknown := networks.Verdict{State: networks.Unknown}
	pair, err := open(s)
	if err != nil {
		return unknown, err
	}
	key := name(a)
	var found struct {
		URI string `json:"uri"`
	}
	err = c.ask(ctx, call{
		kind: networks.CallRead, host: pair.Host, name: "com.atproto.repo.getRecord",
		query: url.Values{"repo": {pair.Subject}, "collection": {collection}, "rkey": {key}},
	}, &found)
	post := published(pair.Subject, key)
	switch {
	case networks.CodeOf(err) == "RecordNotFound":
		return networks.Verdict{State: networks.Absent}, nil
	case err != nil:
		return unknown, err
	case found.URI != post.RemoteID:
		return unknown, outcome.Unclear(title, networks.CallRead, "unreadable_answer")
	}
	return networks.Verdict{State: networks.Live, Published: post}, nil
}

// Delete implements networks.Connector. The server answers the same for a post
// that is gone already.
func (c *Connector) Delete(ctx context.Context, s networks.Session, remoteID string) error {
	pair, err := open(s)
	if err != nil {
		return err
	}
	key, ours := strings.CutPrefix(remoteID, "at://"+pair.Subject+"/"+collection+"/")
	if !ours || key == "" {
		return &networks.Failure{Kind: networks.Rejected, Code: "malformed_id", Detail: "This is no post of the account on Bluesky."}
	}
	return c.tell(ctx, call{
		kind: networks.CallDelete, host: pair.Host, name: "com.atproto.repo.deleteRecord", token: pair.Access,
		body: map[string]string{"repo": pair.Subject, "collection": collection, "rkey": key},
	}, nil)
}
