package wordpress

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
)

// Publish implements networks.Connector: it publishes the draft by its id, and
// gives up the draft's slug for one made of the title. A second time the site
// answers the same post.
func (c *Connector) Publish(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Published, error) {
	if err := ofSite(s); err != nil {
		return networks.Published{}, err
	}
	made, err := read(a.Prepared)
	if err != nil {
		return networks.Published{}, err
	}
	if made.Post == 0 {
		return networks.Published{}, &networks.Failure{
			Kind: networks.Rejected, Code: "not_prepared", Detail: "The post was not prepared on the WordPress site.",
		}
	}
	var live post
	err = c.do(ctx, s.Credential, call{
		kind: networks.CallPublish, method: http.MethodPost, route: "/wp/v2/posts/" + strconv.Itoa(made.Post),
		query: url.Values{"_fields": {postFields}}, body: map[string]string{"status": "publish", "slug": ""},
	}, &live)
	if err != nil {
		return networks.Published{}, err
	}
	if live.ID != made.Post || live.Status != "publish" || live.Link == "" {
		return networks.Published{}, outcome.Unclear(title, networks.CallPublish, "unreadable_answer")
	}
	return published(live), nil
}

func published(p post) networks.Published {
	return networks.Published{RemoteID: strconv.Itoa(p.ID), URL: p.Link}
}

// Reconcile implements networks.Connector. Without a draft of ours nothing can
// have been published; with one, its state says. What somebody has put into the
// trash, or deleted, was there, and a person decides.
func (c *Connector) Reconcile(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Verdict, error) {
	unknown := networks.Verdict{State: networks.Unknown}
	if err := ofSite(s); err != nil {
		return unknown, err
	}
	made, err := read(a.Prepared)
	if err != nil {
		return unknown, err
	}
	var found post
	if made.Post == 0 {
		found, err = c.bySlug(ctx, s, a.Key)
		if err == nil && found.ID == 0 {
			return networks.Verdict{State: networks.Absent}, nil
		}
	} else {
		found, err = c.byID(ctx, s, made.Post)
		if networks.CodeOf(err) == "rest_post_invalid_id" {
			return unknown, nil
		}
	}
	switch {
	case err != nil:
		return unknown, err
	case found.Status == "publish":
		return networks.Verdict{State: networks.Live, Published: published(found)}, nil
	case found.Status == "draft":
		return networks.Verdict{State: networks.Absent}, nil
	default:
		return unknown, nil
	}
}

func (c *Connector) byID(ctx context.Context, s networks.Session, id int) (post, error) {
	var found post
	err := c.do(ctx, s.Credential, call{
		kind: networks.CallRead, method: http.MethodGet, route: "/wp/v2/posts/" + strconv.Itoa(id),
		query: url.Values{"context": {"edit"}, "_fields": {postFields}},
	}, &found)
	return found, err
}

// Delete implements networks.Connector: into the site's trash, or for good
// where it has none.
func (c *Connector) Delete(ctx context.Context, s networks.Session, remoteID string) error {
	if err := ofSite(s); err != nil {
		return err
	}
	id, err := strconv.Atoi(remoteID)
	if err != nil || id <= 0 {
		return &networks.Failure{Kind: networks.Rejected, Code: "malformed_id", Detail: "This is no post of a WordPress site."}
	}
	err = c.do(ctx, s.Credential, call{
		kind: networks.CallDelete, method: http.MethodDelete, route: "/wp/v2/posts/" + remoteID, query: url.Values{"_fields": {postFields}},
	}, nil)
	switch networks.CodeOf(err) {
	case "rest_already_trashed", "rest_post_invalid_id":
		return nil
	case "rest_trash_not_supported":
		return c.remove(ctx, s, "/wp/v2/posts/", id)
	default:
		return err
	}
}
