package media_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/internal/media"
)

// follow opens what an address shows, as whoever serves it does.
func (r *room) follow(t *testing.T, address string) (media.Blob, error) {
	t.Helper()
	parsed, err := url.Parse(address)
	require.NoError(t, err)
	var id domain.MediaID
	require.NoError(t, id.UnmarshalText([]byte(strings.TrimPrefix(parsed.Path, media.Path))))
	expires, err := strconv.ParseInt(parsed.Query().Get("expires"), 10, 64)
	require.NoError(t, err)
	part := media.Content
	if named := parsed.Query().Get("part"); named != "" {
		part = media.Part(named)
	}
	return r.api.Follow(t.Context(), id, part, expires, parsed.Query().Get("signature"))
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	r := open(t, standard)
	item, other := r.receive(t, picture(t, 30, 30)), r.receive(t, picture(t, 31, 31))
	address := r.api.Address(item.ID, media.Content, time.Hour)
	require.Equal(t, address, r.api.Address(item.ID, media.Content, time.Hour), "it is the same for a while, and can be cached")
	blob, err := r.follow(t, address)
	require.NoError(t, err)
	require.Equal(t, "image/png", string(blob.Type))
	require.NoError(t, blob.Close())

	for name, forged := range map[string]string{
		"of another":         strings.Replace(address, item.ID.String(), other.ID.String(), 1),
		"later":              strings.Replace(address, "expires=1", "expires=2", 1),
		"of another part":    address + "&part=thumbnail",
		"without signature":  address[:strings.Index(address, "&signature=")],
		"with another's end": address[:len(address)-1] + "_",
	} {
		require.NotEqual(t, address, forged)
		_, err := r.follow(t, forged)
		require.ErrorIs(t, err, media.ErrForged, name)
	}
	_, err = r.follow(t, r.api.Address(item.ID, media.Content, -2*time.Hour))
	require.ErrorIs(t, err, media.ErrExpired)
	_, err = r.follow(t, r.api.Address(domain.MediaID{1}, media.Content, time.Hour))
	require.ErrorIs(t, err, media.ErrForged, "what is not there was never given out")
	require.NoError(t, r.api.Delete(t.Context(), r.workspace, item.ID))
	_, err = r.follow(t, address)
	require.ErrorIs(t, err, media.ErrForged, "what is deleted cannot be read any more")
}
