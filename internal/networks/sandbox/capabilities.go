package sandbox

import (
	"context"
	"time"
	"unicode/utf8"

	"behalf/internal/networks"
)

// handled is how long a request may take that has arrived, by the network's page /docs.
const handled = 2 * time.Second

// Capabilities implements networks.Connector: the class of the pages decides.
func (c *Connector) Capabilities() networks.Capabilities {
	is := networks.Capabilities{
		Title:             "Sandbox",
		Hosted:            c.byToken,
		Idempotency:       networks.NotIdempotent,
		Reconciling:       networks.ByScan,
		PostingIdentities: true,
		RefreshBefore:     2 * time.Minute,
		Deleting:          true,
		API:               networks.API{Version: version, Source: "the sandbox network's page /docs"},
	}
	switch c.class {
	case ClientKey:
		is.Idempotency, is.Reconciling = networks.ClientID, networks.ByKey
	case TwoPhase:
		is.Idempotency, is.Reconciling = networks.TwoPhase, networks.ByPrepared
	case ExpiringKey:
		is.Idempotency, is.KeyLasts = networks.IdempotencyKey, c.lasts
	case Silent:
		is.Reconciling = networks.NoReconciling
	case Listed:
	}
	if is.Reconciling == networks.ByScan {
		is.AbsentAfter = handled
	}
	if c.class != ClientKey {
		is.Title += " (" + string(c.class) + ")"
	}
	return is
}

// Limits implements networks.Connector: the same for every page.
func (c *Connector) Limits(context.Context, string) (networks.Limits, error) {
	return networks.Limits{
		Text:   networks.TextLimit{Min: 1, Max: maxText, Unit: "characters", Count: utf8.RuneCountInString},
		Link:   networks.LinkInText,
		Images: networks.MediaLimit{Max: maxMedia, MaxBytes: maxFile, Types: []string{"image/jpeg", "image/png", "image/gif", "image/webp"}}, MaxMedia: maxMedia,
	}, nil
}
