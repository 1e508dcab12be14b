package connect

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/problem"
	"behalf/internal/networks"
)

// Network is what a network of this installation is like.
type Network struct {
	Name       string  `json:"name" doc:"For machines: as accounts carry it."`
	Title      string  `json:"title" doc:"For people."`
	Hosted     bool    `json:"hosted,omitempty" doc:"Whether it is spread over hosts: name yours when connecting."`
	Manual     bool    `json:"manual,omitempty" doc:"Whether a person posts by hand and confirms it: no program can."`
	Identities bool    `json:"identities,omitempty" doc:"Whether accounts there may have posting identities (R40)."`
	Deleting   bool    `json:"deleting,omitempty" doc:"Whether a published post can be deleted from here."`
	Revoking   bool    `json:"revoking,omitempty" doc:"Whether disconnecting ends the authorization there, too."`
	NeedsMedia bool    `json:"needs_public_media,omitempty" doc:"Whether it fetches media from this installation itself."`
	Reconciles string  `json:"reconciles" enum:"by_key,by_prepared,by_scan,none" doc:"How it is found out what became of an unclear attempt (R59)."`
	API        *API    `json:"api,omitempty" doc:"The version of its interface that is spoken."`
	Limits     *Limits `json:"limits,omitempty" doc:"What a post may hold; absent where that is the host's or the account's matter."`
}

// API is a version of a network's interface.
type API struct {
	Version string    `json:"version" doc:"As the network calls it."`
	Retires time.Time `json:"retires,omitzero" doc:"When the network ends it; absent when it has not said so."`
}

// Limits is what a post may hold (R60).
type Limits struct {
	TextMin    int        `json:"text_min,omitempty" doc:"At least, without media."`
	TextMax    int        `json:"text_max,omitempty" doc:"At most; absent for no bound."`
	TextUnit   string     `json:"text_unit" doc:"What is counted, as the network counts."`
	Link       string     `json:"link" doc:"Whether a link is part of the text, or a card."`
	MaxMedia   int        `json:"max_media,omitempty" doc:"Pictures and films together."`
	Mixed      bool       `json:"mixed,omitempty" doc:"Whether both may be in one post."`
	NeedsMedia bool       `json:"needs_media,omitempty" doc:"Whether a post without any is refused."`
	MaxAlt     int        `json:"max_alt,omitempty" doc:"Characters of an alternative text."`
	Images     MediaLimit `json:"images" doc:"What pictures may be like."`
	Videos     MediaLimit `json:"videos" doc:"What films may be like."`
}

// MediaLimit is what media of one kind may be like.
type MediaLimit struct {
	Max      int      `json:"max" doc:"How many; 0 for none."`
	Types    []string `json:"types,omitempty" doc:"Media types that are taken."`
	MaxBytes int64    `json:"max_bytes,omitempty" doc:"Bytes of one."`
}

type networksOutput struct {
	Body struct {
		Networks []Network `json:"networks" doc:"By name. A network that is missing is not configured here."`
	} `nameHint:"Networks"`
}

func (d *Desk) mountNetworks(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "networks", Method: http.MethodGet, Path: "/v1/networks",
		Summary: "The networks of this installation.", Tags: []string{"Connecting"},
		Description: "What can be connected, and what each network can do.",
	}, d.networks)
}

func (d *Desk) networks(ctx context.Context, _ *struct{}) (*networksOutput, error) {
	output := &networksOutput{}
	output.Body.Networks = []Network{}
	for _, name := range d.Networks.Names() {
		connector := d.Networks[name]
		c := connector.Capabilities()
		shown := Network{
			Name: name, Title: c.Title, Hosted: c.Hosted, Manual: c.Manual, Identities: c.PostingIdentities,
			Deleting: c.Deleting, Revoking: c.Revoking, NeedsMedia: c.FetchesMedia, Reconciles: string(c.Reconciling),
		}
		if c.API.Version != "" {
			shown.API = &API{Version: c.API.Version, Retires: c.API.Retires}
		}
		if !c.Hosted { // else only a host knows
			if limits, err := connector.Limits(ctx, ""); err == nil {
				shown.Limits = limitsOf(limits)
			}
		}
		output.Body.Networks = append(output.Body.Networks, shown)
	}
	return output, nil
}

func limitsOf(l networks.Limits) *Limits {
	return &Limits{
		TextMin: l.Text.Min, TextMax: l.Text.Max, TextUnit: l.Text.Unit, Link: string(l.Link), MaxMedia: l.MaxMedia,
		Mixed: l.Mixed, NeedsMedia: l.NeedsMedia, MaxAlt: l.MaxAlt, Images: mediaOf(l.Images), Videos: mediaOf(l.Videos),
	}
}

func mediaOf(l networks.MediaLimit) MediaLimit {
	return MediaLimit{Max: l.Max, Types: l.Types, MaxBytes: l.MaxBytes}
}
