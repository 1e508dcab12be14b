// Package groups knows Facebook Groups, which no program can post to: Meta took
// the Groups API away from all versions on 2024-04-22
// (developers.facebook.com/docs/graph-api/changelog/version19.0). A person posts
// by hand at the time, and confirms it.
package groups

import (
	"context"
	"crypto/rand"
	"net/url"
	"regexp"
	"strings"

	"behalf/internal/networks"
	"behalf/internal/networks/text"
)

// Name is the network's name in the registry and on accounts.
const Name = "facebook_groups"

// What the form asks for, and the most that is taken of it.
const (
	fieldAddress    = "address"
	fieldName       = "name"
	fieldIdentities = "identities"
	maxAddress      = 300
	maxName         = 100
	maxIdentities   = 10
)

// The limits of a post are those of a page, see facebook/pages; what a person's
// own browser uploads is not bounded here.
const (
	maxText  = 63206 // units of UTF-16
	maxMedia = 10
)

// Connector implements networks.Connector. It speaks to nobody.
type Connector struct{}

var _ networks.Connector = Connector{}

// New makes a connector.
func New() Connector { return Connector{} }

// Close has nothing to close.
func (Connector) Close() {}

// Capabilities implements networks.Connector.
func (Connector) Capabilities() networks.Capabilities {
	return networks.Capabilities{
		Title: "Facebook Groups", Manual: true, PostingIdentities: true,
		Idempotency: networks.NotIdempotent, Reconciling: networks.NoReconciling,
		API: networks.API{Source: "https://developers.facebook.com/docs/graph-api/changelog/version19.0"},
	}
}

// Limits implements networks.Connector.
func (Connector) Limits(context.Context, string) (networks.Limits, error) {
	return networks.Limits{
		Text:     networks.TextLimit{Min: 1, Max: maxText, Unit: "characters", Count: text.UTF16},
		Link:     networks.LinkInText,
		Images:   networks.MediaLimit{Max: maxMedia, Types: []string{"image/jpeg", "image/png", "image/gif"}},
		Videos:   networks.MediaLimit{Max: 1, Types: []string{"video/mp4"}},
		MaxMedia: maxMedia, Mixed: true,
	}, nil
}

// Authorize implements networks.Connector: the person says which group it is.
func (Connector) Authorize(_ context.Context, r networks.AuthRequest) (networks.AuthStart, error) {
	state := rand.Text()
	return networks.AuthStart{
		State: state, Pending: networks.Pending{State: networks.NewSecret(state), RedirectURI: r.RedirectURI},
		Form: []networks.Field{
			{Name: fieldAddress, Label: "Address of the group", Help: "As your browser shows it: https://www.facebook.com/groups/…", MaxLength: maxAddress},
			{Name: fieldName, Label: "Name of the group", MaxLength: maxName},
			{
				Name: fieldIdentities, Label: "Profiles that you post as there", MaxLength: maxIdentities * (maxName + 2),
				Optional: true,
				Help:     "Names with commas between them. Leave it empty to post as yourself.",
			},
		},
	}, nil
}

var slug = regexp.MustCompile(`^/groups/([A-Za-z0-9.]{1,100})(?:/.*)?$`)

// Exchange implements networks.Connector.
func (Connector) Exchange(_ context.Context, cb networks.Callback) (networks.Credential, error) {
	if cb.Pending.State.IsZero() {
		return networks.Credential{}, refuse("state_mismatch", "This form does not belong to anything that was started here. Start again.")
	}
	field := func(name string) string { return strings.TrimSpace(cb.Fields[name].Reveal()) }
	id, known := groupOf(field(fieldAddress))
	if !known {
		return networks.Credential{}, refuse("invalid_address", "This is not the address of a Facebook group.")
	}
	group := networks.Manual{RemoteID: id, Name: field(fieldName)}
	if group.Name == "" || len([]rune(group.Name)) > maxName {
		return networks.Credential{}, refuse("invalid_name", "The name of the group has 1 to 100 characters.")
	}
	for identity := range strings.SplitSeq(field(fieldIdentities), ",") {
		if identity = strings.TrimSpace(identity); identity == "" {
			continue
		}
		if len([]rune(identity)) > maxName || len(group.Identities) == maxIdentities {
			return networks.Credential{}, refuse("invalid_identities", "At most 10 profiles, with names of at most 100 characters.")
		}
		group.Identities = append(group.Identities, identity)
	}
	return networks.NewManual(group), nil
}

// groupOf reads an address as a browser shows it. The hosts are those that
// Facebook serves groups from.
func groupOf(address string) (id string, known bool) {
	if len(address) > maxAddress {
		return "", false
	}
	read, err := url.Parse(address)
	if err != nil || read.Scheme != "https" || read.User != nil || read.Port() != "" {
		return "", false
	}
	switch strings.ToLower(read.Host) {
	case "facebook.com", "www.facebook.com", "m.facebook.com", "web.facebook.com":
	default:
		return "", false
	}
	found := slug.FindStringSubmatch(read.EscapedPath())
	if found == nil {
		return "", false
	}
	return strings.ToLower(found[1]), true
}

func refuse(code, detail string) *networks.Failure {
	return &networks.Failure{Kind: networks.Rejected, Code: code, Detail: detail}
}
