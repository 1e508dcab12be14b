// Package pages connects Behalf to Facebook Pages, by Meta's documentation of
// the Graph API (developers.facebook.com/docs).
package pages

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

// Name is the network's name in the registry and on accounts.
const Name = "facebook_pages"

const title = "Facebook"

// Version of the Graph API, and when Meta ends it, by docs/graph-api/changelog/versions.
const Version = "v25.0"

var retires = time.Date(2028, 7, 29, 0, 0, 0, 0, time.UTC)

// Limits. Meta documents the sizes (docs/graph-api/reference/page/photos and
// …/page/videos); the length of a text and the number of pictures are those
// that established schedulers keep to.
const (
	maxText       = 63206 // units of UTF-16
	maxImages     = 10
	maxImageBytes = 4 << 20
	maxVideoBytes = 1 << 30
	maxFilm       = 20 * time.Minute
	maxAlt        = 1000
)

const (
	uploadTimeout = 10 * time.Minute
	// canPost is the task that lets a person publish as the page (docs/pages-api/overview).
	canPost = "CREATE_CONTENT"
)

// scopes, by docs/permissions: to list the pages, to read what was published, to publish.
var scopes = []string{"pages_show_list", "pages_read_engagement", "pages_manage_posts"}

// asksAgain has people asked for what they declined before, which the dialog
// leaves out otherwise (documentation/facebook-login/web/permissions).
var asksAgain = map[string]string{"auth_type": "rerequest"}

// Addresses of the network.
type Addresses struct {
	Web   string // where people authorize
	Graph string
	Video string // where films are published
}

// Public are Facebook's own.
var Public = Addresses{
	Web: "https://www.facebook.com", Graph: "https://graph.facebook.com", Video: "https://graph-video.facebook.com",
}

// Config of a connector.
type Config struct {
	AppID     string          // of the application in Meta's App Dashboard
	AppSecret networks.Secret // the same
	Addresses Addresses       // Public when zero
	Wire      wire.Options
}

// Connector implements networks.Connector.
type Connector struct {
	at     Addresses
	app    string
	secret networks.Secret
	flow   codeflow.Flow
	rest   rest.Client
	upload rest.Client // with more time
}

var _ networks.Connector = (*Connector)(nil)

// New checks the configuration; it does not speak to the network yet. Close the
// connector when done.
func New(c Config) (*Connector, error) {
	if c.AppID == "" || c.AppSecret.IsZero() {
		return nil, errors.New("an app id and an app secret are needed for Facebook")
	}
	if c.Addresses == (Addresses{}) {
		c.Addresses = Public
	}
	made := &Connector{at: c.Addresses, app: c.AppID, secret: c.AppSecret}
	made.rest = rest.Client{Wire: wire.NewClient(c.Wire), Title: title, Classify: made.Classify}
	patient := c.Wire
	patient.Timeout = uploadTimeout
	made.upload = rest.Client{Wire: wire.NewClient(patient), Title: title, Classify: made.Classify}
	made.flow = codeflow.Flow{Title: title, Wire: made.rest.Wire, Classify: made.Classify, Extra: asksAgain, OAuth: oauth2.Config{
		ClientID: c.AppID, Scopes: scopes, Endpoint: oauth2.Endpoint{AuthURL: c.Addresses.Web + "/" + Version + "/dialog/oauth"},
	}}
	return made, nil
}

// Close closes idle connections.
func (c *Connector) Close() {
	c.rest.Wire.Close()
	c.upload.Wire.Close()
}

// Format keeps the app secret out of logs.
func (c *Connector) Format(f fmt.State, _ rune) {
	_, _ = f.Write([]byte("connector to Facebook Pages"))
}

// Capabilities implements networks.Connector. Revoking is not offered: Facebook
// ends an application's authorization as a whole, with the same person's
// connections of every other page and workspace.
func (c *Connector) Capabilities() networks.Capabilities {
	return networks.Capabilities{
		Title:       "Facebook Pages",
		Idempotency: networks.NotIdempotent,
		Reconciling: networks.ByScan,
		AbsentAfter: time.Minute,
		Deleting:    true,
		API: networks.API{
			Version: Version, Retires: retires, Source: "https://developers.facebook.com/docs/graph-api/changelog/versions/",
		},
	}
}

// Limits implements networks.Connector: the same for every page.
func (c *Connector) Limits(context.Context, string) (networks.Limits, error) {
	return networks.Limits{
		Text: networks.TextLimit{Min: 1, Max: maxText, Unit: "characters", Count: text.UTF16},
		Link: networks.LinkCard,
		Images: networks.MediaLimit{
			Max: maxImages, Types: []string{"image/jpeg", "image/png", "image/gif"}, MaxBytes: maxImageBytes,
		},
		Videos:   networks.MediaLimit{Max: 1, Types: []string{"video/mp4"}, MaxBytes: maxVideoBytes, MaxDuration: maxFilm},
		MaxMedia: maxImages, MaxAlt: maxAlt,
	}, nil
}
