package wordpress

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"behalf/internal/networks"
)

// prepared is what stands on the site and nobody sees yet.
type prepared struct {
	Media []medium `json:"media,omitempty"` // in the content's order
	Post  int      `json:"post,omitempty"`  // the draft's id
}

type medium struct {
	ID  int    `json:"id"`
	URL string `json:"source_url"`

	kind networks.MediaKind
	alt  string
}

// states are all that a post of ours can be in. One in the trash has another slug.
const states = "publish,future,draft,pending,private"

// slug finds again what was made when its answer was lost. Publishing replaces
// the draft's by one that people can read. WordPress keeps nothing but small
// letters, digits and single hyphens, which is less than a key has.
func slug(key string) string {
	hash := sha256.Sum256([]byte(key))
	return "behalf-" + hex.EncodeToString(hash[:16])
}

// Prepare implements networks.Connector: media, then the draft.
func (c *Connector) Prepare(
	ctx context.Context, s networks.Session, a networks.Attempt, save networks.Save,
) (networks.Prepared, error) {
	if err := ofSite(s); err != nil {
		return nil, err
	}
	made, err := read(a.Prepared)
	if err != nil {
		return nil, err
	}
	for i, m := range a.Content.Media {
		if i >= len(made.Media) {
			uploaded, err := c.upload(ctx, s, m, slug(a.Key)+"-"+strconv.Itoa(i))
			if err != nil {
				return nil, err
			}
			made.Media = append(made.Media, uploaded)
			if err := made.keep(ctx, save); err != nil {
				return nil, err
			}
		}
		made.Media[i].kind, made.Media[i].alt = m.Kind, m.Alt
	}
	if made.Post == 0 {
		if made.Post, err = c.draft(ctx, s, a, made.Media); err != nil {
			return nil, err
		}
	}
	return json.Marshal(made)
}

func (p prepared) keep(ctx context.Context, save networks.Save) error {
	written, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return save(ctx, written)
}

func read(p networks.Prepared) (made prepared, err error) {
	if len(p) == 0 {
		return prepared{}, nil
	}
	if json.Unmarshal(p, &made) != nil {
		return prepared{}, &networks.Failure{
			Kind: networks.Rejected, Code: "malformed_prepared", Detail: "What was prepared on the site cannot be read any more.",
		}
	}
	return made, nil
}

// upload sends a medium, unless it is there already.
func (c *Connector) upload(ctx context.Context, s networks.Session, m networks.Media, slug string) (medium, error) {
	var lost []medium
	err := c.do(ctx, s.Credential, call{
		kind: networks.CallRead, method: http.MethodGet, route: "/wp/v2/media",
		query: url.Values{"slug": {slug}, "_fields": {"id,source_url"}},
	}, &lost)
	if err != nil {
		return medium{}, err
	}
	if len(lost) > 0 {
		return lost[0], nil
	}
	content, err := m.Open(ctx)
	if err != nil {
		return medium{}, fmt.Errorf("open a medium: %w", err)
	}
	var made medium
	err = c.do(ctx, s.Credential, call{
		kind: networks.CallPrepare, method: http.MethodPost, route: "/wp/v2/media", client: c.uploads,
		query: url.Values{"slug": {slug}, "title": {name(m)}, "alt_text": {m.Alt}, "_fields": {"id,source_url"}},
		raw:   content, length: m.Size, media: m.Type,
		header: map[string]string{"Content-Disposition": mime.FormatMediaType("attachment", map[string]string{"filename": name(m)})},
	}, &made)
	if err == nil && (made.ID == 0 || made.URL == "") {
		err = errors.New("the WordPress site did not name the medium")
	}
	return made, err
}

// name is the file's, in characters that every header can carry.
func name(m networks.Media) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-':
			return r
		default:
			return '-'
		}
	}, m.Name)
}

type post struct {
	ID     int    `json:"id"`
	Status string `json:"status"`
	Link   string `json:"link"`
}

const postFields = "id,status,link"

// draft makes the draft, or finds the one whose answer was lost and writes it again.
func (c *Connector) draft(ctx context.Context, s networks.Session, a networks.Attempt, media []medium) (id int, err error) {
	heading, text := headline(a.Content.TextWithLink())
	fields := map[string]any{
		"title": escape(heading), "content": write(text, media), "status": "draft", "slug": slug(a.Key),
	}
	for _, m := range media {
		if m.kind == networks.Image {
			fields["featured_media"] = m.ID
			break
		}
	}
	if author, ok := strings.CutPrefix(s.Identity, identityPrefix); ok {
		if fields["author"], err = strconv.Atoi(author); err != nil {
			return 0, notAllowed("unknown_identity", "The site does not have this author.")
		}
	}
	route := "/wp/v2/posts"
	lost, err := c.bySlug(ctx, s, a.Key)
	if err != nil {
		return 0, err
	}
	if lost.ID != 0 {
		if lost.Status != "draft" {
			return lost.ID, nil
		}
		route += "/" + strconv.Itoa(lost.ID)
	}
	var made post
	err = c.do(ctx, s.Credential, call{
		kind: networks.CallPrepare, method: http.MethodPost, route: route, query: url.Values{"_fields": {postFields}}, body: fields,
	}, &made)
	if err == nil && made.ID == 0 {
		err = errors.New("the WordPress site did not name the draft")
	}
	return made.ID, err
}

// bySlug finds a post by the slug of its draft; the zero post when there is none.
func (c *Connector) bySlug(ctx context.Context, s networks.Session, key string) (post, error) {
	var found []post
	err := c.do(ctx, s.Credential, call{
		kind: networks.CallRead, method: http.MethodGet, route: "/wp/v2/posts",
		query: url.Values{"slug": {slug(key)}, "status": {states}, "context": {"edit"}, "_fields": {postFields}},
	}, &found)
	if err != nil || len(found) == 0 {
		return post{}, err
	}
	return found[0], nil
}

// Discard implements networks.Connector. What is no draft any more stays: it was
// published, or somebody did something else with it there.
func (c *Connector) Discard(ctx context.Context, s networks.Session, p networks.Prepared) error {
	made, err := read(p)
	if err != nil {
		return err
	}
	if err := ofSite(s); err != nil {
		return err
	}
	if made.Post != 0 {
		found, err := c.byID(ctx, s, made.Post)
		switch {
		case networks.CodeOf(err) == "rest_post_invalid_id":
		case err != nil:
			return err
		case found.Status != "draft":
			return nil
		default:
			if err := c.remove(ctx, s, "/wp/v2/posts/", made.Post); err != nil {
				return err
			}
		}
	}
	for _, m := range made.Media {
		if err := c.remove(ctx, s, "/wp/v2/media/", m.ID); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes without the trash; what is gone already is no failure.
func (c *Connector) remove(ctx context.Context, s networks.Session, route string, id int) error {
	err := c.do(ctx, s.Credential, call{
		kind: networks.CallDelete, method: http.MethodDelete, route: route + strconv.Itoa(id),
		query: url.Values{"force": {"true"}, "_fields": {"deleted"}},
	}, nil)
	if networks.CodeOf(err) == "rest_post_invalid_id" {
		return nil
	}
	return err
}
