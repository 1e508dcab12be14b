// Package linkedin connects Behalf to LinkedIn, by its documentation
// (learn.microsoft.com/linkedin). Posting as a person and posting as an
// organization are two products of LinkedIn, each with an application of its
// own, and so they are two networks here.
package linkedin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"behalf/internal/networks"
	"behalf/internal/networks/codeflow"
	"behalf/internal/networks/rest"
	"behalf/internal/networks/text"
	"behalf/internal/networks/wire"
)

// The networks' names in the registry and on accounts.
const (
	Name             = "linkedin"
	OrganizationName = "linkedin_organization"
)

const title = "LinkedIn"

// Version of the API, and when LinkedIn ends it, by marketing/integrations/migrations.
const Version = "202603"

var retires = time.Date(2027, 3, 16, 0, 0, 0, 0, time.UTC)

// Limits, by marketing/community-management/shares: images-api, multiimage-post-api,
// videos-api. The length of a text is the one that established schedulers keep to.
const (
	maxText       = 3000 // units of UTF-16
	maxImages     = 20
	maxPixels     = 36_152_320
	maxVideoBytes = 500 << 20
	minFilm       = 3 * time.Second
	maxFilm       = 30 * time.Minute
	maxAlt        = 4086
)

// Scopes, by shared/authentication and marketing/community-management: those of
// "Share on LinkedIn" with "Sign In with LinkedIn using OpenID Connect", and
// those of the Community Management API.
var (
	personScopes       = []string{"openid", "profile", "w_member_social"}
	organizationScopes = []string{"rw_organization_admin", "r_organization_social", "w_organization_social"}
)

// Addresses of the network.
type Addresses struct {
	Web     string // where people authorize, and of the token endpoint
	API     string
	Uploads string // the domain that addresses for uploads must be in, or their origin
}

// Public are LinkedIn's own.
var Public = Addresses{Web: "https://www.linkedin.com", API: "https://api.linkedin.com", Uploads: ".linkedin.com"}

// Config of a connector.
type Config struct {
	Organizations bool            // as organizations instead of as the person
	ClientID      string          // of the application in LinkedIn's developer portal
	ClientSecret  networks.Secret // the same
	Addresses     Addresses       // Public when zero
	Wire          wire.Options
}

// Connector implements networks.Connector.
type Connector struct {
	organizations bool
	at            Addresses
	flow          codeflow.Flow
	rest          rest.Client
	upload        rest.Client // with more time
}

var _ networks.Connector = (*Connector)(nil)

const uploadTimeout = 10 * time.Minute

// New checks the configuration; it does not speak to the network yet. Close the
// connector when done.
func New(c Config) (*Connector, error) {
	if c.ClientID == "" || c.ClientSecret.IsZero() {
		return nil, errors.New("a client id and a client secret are needed for LinkedIn")
	}
	if c.Addresses == (Addresses{}) {
		c.Addresses = Public
	}
	made := &Connector{organizations: c.Organizations, at: c.Addresses}
	made.rest = rest.Client{Wire: wire.NewClient(c.Wire), Title: title, Classify: made.Classify}
	patient := c.Wire
	patient.Timeout = uploadTimeout
	made.upload = rest.Client{Wire: wire.NewClient(patient), Title: title, Classify: made.Classify}
	scopes := personScopes
	if c.Organizations {
		scopes = organizationScopes
	}
	made.flow = codeflow.Flow{Title: title, Scoped: true, Wire: made.rest.Wire, Classify: made.Classify, OAuth: oauth2.Config{
		ClientID: c.ClientID, ClientSecret: c.ClientSecret.Reveal(), Scopes: scopes,
		Endpoint: oauth2.Endpoint{
			AuthURL:   c.Addresses.Web + "/oauth/v2/authorization",
			TokenURL:  c.Addresses.Web + "/oauth/v2/accessToken",
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}}
	return made, nil
}

// Close closes idle connections.
func (c *Connector) Close() {
	c.rest.Wire.Close()
	c.upload.Wire.Close()
}

// Format keeps the client secret out of logs.
func (c *Connector) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("connector to LinkedIn")) }

// Capabilities implements networks.Connector. What a person has posted cannot
// be read without a permission that LinkedIn gives to few; a refusal of the same
// text names the post.
func (c *Connector) Capabilities() networks.Capabilities {
	caps := networks.Capabilities{
		Title:         title,
		Idempotency:   networks.DuplicateProof,
		Reconciling:   networks.NoReconciling,
		RefreshBefore: 7 * 24 * time.Hour, // of 60 days
		Deleting:      true,
		API: networks.API{
			Version: Version, Retires: retires,
			Source: "https://learn.microsoft.com/en-us/linkedin/marketing/integrations/migrations",
		},
	}
	if c.organizations {
		caps.Title, caps.Reconciling, caps.AbsentAfter = "LinkedIn organizations", networks.ByScan, time.Minute
	}
	return caps
}

// Limits implements networks.Connector: the same for everybody. A card would
// need a title, which LinkedIn does not fetch: links stand in the text.
func (c *Connector) Limits(context.Context, string) (networks.Limits, error) {
	return networks.Limits{
		Text: networks.TextLimit{Min: 1, Max: maxText, Unit: "characters", Count: text.UTF16},
		Link: networks.LinkInText,
		Images: networks.MediaLimit{
			Max: maxImages, Types: []string{"image/jpeg", "image/png", "image/gif"}, MaxPixels: maxPixels,
		},
		Videos: networks.MediaLimit{
			Max: 1, Types: []string{"video/mp4"}, MaxBytes: maxVideoBytes, MinDuration: minFilm, MaxDuration: maxFilm,
		},
		MaxMedia: maxImages, MaxAlt: maxAlt,
	}, nil
}
