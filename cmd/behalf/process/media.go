package process

import (
	"context"
	"net"
	"net/url"

	"behalf/internal/masterkey"
	"behalf/internal/media"
)

// media keeps what members upload, as one role may see its rows.
func (p *Parts) media(ctx context.Context, role string) (*media.Keeper, error) {
	pool, err := p.Pool(ctx, role)
	if err != nil {
		return nil, err
	}
	key, err := p.MasterKey()
	if err != nil {
		return nil, err
	}
	if p.blobs == nil {
		if p.blobs, err = media.OpenStore(ctx, p.Settings.Media); err != nil {
			return nil, err
		}
		p.closers = append(p.closers, func() { _ = p.blobs.Close() })
	}
	limits := media.Standard()
	limits.Video, limits.Quota = int64(p.Settings.MediaVideo)<<20, int64(p.Settings.MediaQuota)<<30
	return media.New(media.Options{
		Pool: pool, Store: p.blobs, Limits: limits, Key: masterkey.Derive(key, mediaAddresses), Public: p.Settings.PublicURL, Unseen: !p.fetchable(), Logger: p.Log,
	}), nil
}

// fetchable reports whether networks can fetch from our public address: no real
// one can from this machine's own.
func (p *Parts) fetchable() bool {
	public, err := url.Parse(p.Settings.PublicURL)
	if err != nil {
		return false
	}
	ip := net.ParseIP(public.Hostname())
	return p.Settings.SandboxURL != "" || public.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())
}
