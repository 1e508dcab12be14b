package post

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"behalf/domain"
	"behalf/domain/personal"
)

// Bounds of one post. A network's own limits are narrower and are the
// network's to state (R60).
const (
	maxText     = 10_000 // characters
	maxTargets  = 100
	maxIdentity = 200   // characters
	maxLink     = 2_000 // characters
	maxMedia    = 20
	maxAlt      = 2_000 // characters
)

// Content is what a member writes and where it goes. It says the same
// everywhere, unless a target has its own text, link or media.
type Content struct {
	Text    string        `json:"text,omitempty" maxLength:"10000" doc:"The post's text. May be left out where there are media or a link."`
	Link    string        `json:"link,omitempty" maxLength:"2000" doc:"An http or https address, shown as a card where the network has them."`
	Media   []Media       `json:"media,omitzero" maxItems:"20" doc:"Pictures and films, in their order."`
	Targets []Destination `json:"targets,omitempty" minItems:"1" maxItems:"100" doc:"The social accounts that it goes to."`
}

// Media is a picture or film that was uploaded before.
type Media struct {
	ID  domain.MediaID `json:"media" doc:"What the upload answered."`
	Alt string         `json:"alt,omitempty" maxLength:"2000" doc:"What somebody reads who cannot see it."`
}

// Destination is an account that a post goes to, and what it says there instead.
type Destination struct {
	Account  domain.AccountID `json:"account" doc:"A social account of this workspace."`
	Identity string           `json:"identity,omitempty" maxLength:"200" doc:"Posting identity, where the network has one and you choose it (R36, R39, R40)."`
	Text     string           `json:"text,omitempty" maxLength:"10000" doc:"The text on this account. Left out: the post's."`
	Link     string           `json:"link,omitempty" maxLength:"2000" doc:"The link on this account. Left out: the post's."`
	Media    []Media          `json:"media,omitzero" maxItems:"20" doc:"The media on this account, [] for none. Left out: the post's."`
}

// Said is what a post says on one account.
type Said struct {
	Text  string
	Link  string
	Media []Media
}

// On is what the content says on an account.
func (c Content) On(account domain.AccountID) Said {
	said := Said{Text: c.Text, Link: c.Link, Media: c.Media}
	for _, target := range c.Targets {
		if target.Account != account {
			continue
		}
		if target.Text != "" {
			said.Text = target.Text
		}
		if target.Link != "" {
			said.Link = target.Link
		}
		if target.Media != nil {
			said.Media = target.Media
		}
	}
	return said
}

// IsZero reports whether nothing was written at all.
func (c Content) IsZero() bool {
	return c.Text == "" && c.Link == "" && c.Media == nil && c.Targets == nil
}

// Seal is the content as the workspace's history holds it: one text under the
// workspace's key.
func (c Content) Seal(ws domain.WorkspaceID) personal.Text {
	var written bytes.Buffer
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(c) // there is nothing in it that JSON does not have
	return personal.Workspace(ws).Says(strings.TrimSuffix(written.String(), "\n"))
}

// ErrUnreadable says that a content was not opened, or that the workspace's key
// is destroyed.
var ErrUnreadable = errors.New("the post's content cannot be read")

// ReadContent reads the content out of a text that was opened (personal.Opener).
func ReadContent(opened personal.Text) (c Content, err error) {
	says, open := opened.Plain()
	if !open {
		return c, ErrUnreadable
	}
	if err := json.Unmarshal([]byte(says), &c); err != nil {
		return Content{}, errors.New("a post's content is not what was sealed") // the cause would quote it
	}
	return c, nil
}

// Places is where the content goes, without what it says there.
func (c Content) Places() []Place {
	places := make([]Place, len(c.Targets))
	for i, target := range c.Targets {
		places[i] = Place{Account: target.Account, Identity: target.Identity}
	}
	return places
}

// Accounts are those that the content goes to.
func (c Content) Accounts() []domain.AccountID {
	accounts := make([]domain.AccountID, len(c.Targets))
	for i, target := range c.Targets {
		accounts[i] = target.Account
	}
	return accounts
}

// Used are the media that the content uses anywhere, each once.
func (c Content) Used() (used []domain.MediaID) {
	seen := map[domain.MediaID]bool{}
	add := func(all []Media) {
		for _, medium := range all {
			if !seen[medium.ID] {
				seen[medium.ID] = true
				used = append(used, medium.ID)
			}
		}
	}
	add(c.Media)
	for _, target := range c.Targets {
		add(target.Media)
	}
	return used
}

// check refuses with R60 what is malformed whatever the network.
func (c Content) check() error {
	if len(c.Targets) == 0 || len(c.Targets) > maxTargets {
		return domain.Wrong(domain.R60, "targets", "malformed_targets", "A post goes to 1 to 100 accounts.")
	}
	if err := (Said{c.Text, c.Link, c.Media}).check(""); err != nil {
		return err
	}
	for i, target := range c.Targets {
		at := fmt.Sprintf("targets[%d].", i)
		if err := (Said{target.Text, target.Link, target.Media}).check(at); err != nil {
			return err
		}
		if c.On(target.Account).isEmpty() {
			field := "text"
			if target.Media != nil {
				field = at + "text"
			}
			return domain.Wrong(domain.R60, field, "malformed_text", "A post says something: a text, a link, a picture or a film.")
		}
	}
	return nil
}

func (s Said) isEmpty() bool {
	return strings.TrimSpace(s.Text) == "" && s.Link == "" && len(s.Media) == 0
}

// check looks at the form of each; at is where they stand in the command.
func (s Said) check(at string) error {
	if s.Text != "" && !domain.IsText(s.Text, maxText) {
		return domain.Wrong(domain.R60, at+"text", "malformed_text", "A post's text has 1 to 10000 characters and no control characters.")
	}
	if s.Link != "" && !IsAddress(s.Link) {
		return domain.Wrong(domain.R60, at+"link", "malformed_link", "A link is an http or https address of at most 2000 characters.")
	}
	if len(s.Media) > maxMedia {
		return domain.Wrong(domain.R60, at+"media", "malformed_media", "A post has at most 20 pictures and films.")
	}
	for i, medium := range s.Media {
		if medium.ID.IsZero() {
			return domain.Wrong(domain.R60, fmt.Sprintf("%smedia[%d].media", at, i), "malformed_media", "A medium is named by its id.")
		}
		if medium.Alt != "" && !domain.IsText(medium.Alt, maxAlt) {
			return domain.Wrong(domain.R60, fmt.Sprintf("%smedia[%d].alt", at, i), "malformed_alt", "An alternative text has 1 to 2000 characters and no control characters.")
		}
	}
	return nil
}

// IsAddress reports whether a text is an absolute http or https address.
func IsAddress(text string) bool {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxLink ||
		strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return false
	}
	address, err := url.Parse(text)
	return err == nil && (address.Scheme == "https" || address.Scheme == "http") && address.Hostname() != "" && address.User == nil
}
