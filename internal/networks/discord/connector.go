// Package discord connects Behalf to Discord channels by their webhooks, by the
// documentation of Discord's API (github.com/discord/discord-api-docs). Whoever
// knows a webhook's address can post to its channel; a message that nobody heard
// of cannot be looked for.
package discord

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
	"behalf/internal/networks/text"
	"behalf/internal/networks/wire"
)

// Name is the network's name in the registry and on accounts.
const Name = "discord"

const title = "Discord"

// Of the documentation: reference#api-versioning, resources/message (content,
// attachments), reference#uploading-files.
const (
	apiVersion   = "10"
	maxText      = 2000 // units of UTF-16
	maxFiles     = 10
	maxFileBytes = 10 << 20
	maxAlt       = 1024
)

// Public is the address of Discord's API.
const Public = "https://discord.com"

// Config of a connector.
type Config struct {
	PublicURL string // of this installation: what it calls itself in its User-Agent
	Address   string // of the API; Public when empty
	Wire      wire.Options
}

// Connector implements networks.Connector.
type Connector struct {
	at    string
	agent string
	rest  rest.Client
}

var _ networks.Connector = (*Connector)(nil)

// New makes a connector. Close it when done.
func New(c Config) *Connector {
	if c.Address == "" {
		c.Address = Public
	}
	made := &Connector{at: c.Address, agent: "DiscordBot (" + c.PublicURL + ", 1)"}
	made.rest = rest.Client{Wire: wire.NewClient(c.Wire), Title: title, Classify: made.Classify}
	return made
}

// Close closes idle connections.
func (c *Connector) Close() { c.rest.Wire.Close() }

// Format says what it is.
func (c *Connector) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("connector to Discord")) }

// Capabilities implements networks.Connector. Revoking is not offered: it would
// delete the webhook, which others may be using.
func (c *Connector) Capabilities() networks.Capabilities {
	return networks.Capabilities{
		Title:       title,
		Idempotency: networks.NotIdempotent,
		Reconciling: networks.NoReconciling,
		Deleting:    true,
		DeletesOwn:  true, // a message of another webhook is "unknown" to this one
		API:         networks.API{Version: apiVersion, Source: "https://discord.com/developers/docs/reference#api-versioning"},
	}
}

// Limits implements networks.Connector: those of a server without boosts.
func (c *Connector) Limits(context.Context, string) (networks.Limits, error) {
	return networks.Limits{
		Text: networks.TextLimit{Min: 1, Max: maxText, Unit: "characters", Count: text.UTF16},
		Link: networks.LinkInText,
		Images: networks.MediaLimit{
			Max: maxFiles, Types: []string{"image/jpeg", "image/png", "image/gif", "image/webp"}, MaxBytes: maxFileBytes,
		},
		Videos:   networks.MediaLimit{Max: maxFiles, Types: []string{"video/mp4", "video/quicktime"}, MaxBytes: maxFileBytes},
		MaxMedia: maxFiles, Mixed: true, MaxAlt: maxAlt,
	}, nil
}

var webhookPath = regexp.MustCompile(`^/api(?:/v\d{1,3})?/webhooks/(\d{1,20})/([A-Za-z0-9_-]{20,100})/?$`)

// hook finds id and token in a webhook's address as Discord shows it.
func hook(address string) (id, token string, known bool) {
	read, err := url.Parse(address)
	if err != nil || read.Scheme != "https" || read.User != nil || read.Port() != "" {
		return "", "", false
	}
	switch strings.ToLower(read.Host) {
	case "discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com":
	default:
		return "", "", false
	}
	found := webhookPath.FindStringSubmatch(read.Path)
	if found == nil {
		return "", "", false
	}
	return found[1], found[2], true
}

// call makes a request to the session's webhook.
func (c *Connector) call(kind networks.Call, method string, credential networks.Credential, path string) (rest.Request, error) {
	webhook, ok := credential.Webhook()
	id, token, known := hook(webhook.URL.Reveal())
	if !ok || !known {
		return rest.Request{}, &networks.Failure{
			Kind: networks.Rejected, Code: "wrong_credential", Detail: "This connection was not made with Discord.",
		}
	}
	return rest.Request{
		Call: kind, Method: method, URL: c.at + "/api/v" + apiVersion + "/webhooks/" + id + "/" + token + path,
		// Discord asks for a name of this form (reference#user-agent).
		Header: map[string]string{"User-Agent": c.agent},
	}, nil
}
