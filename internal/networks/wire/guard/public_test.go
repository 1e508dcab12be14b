package guard_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks/wire/guard"
)

var notPublic = []string{
	"0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16",
	"169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1",
	"198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
	"::", "::1", "::7f00:1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "fd12::1", "ff02::1", "100::1",
	"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1",
	"64:ff9b:1::8.8.8.8", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:808:808::1", "2001::1", "2001:0:7f00:1::", "2001:db8::1",
	"2001:10::1", "2001:20::1", "3fff::1", "4000::1",
}

var public = []string{
	"8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "169.253.0.1", "198.20.0.1", "223.255.255.255",
	"2606:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
}

func TestPublic(t *testing.T) {
	t.Parallel()
	for _, text := range notPublic {
		require.False(t, guard.Public(netip.MustParseAddr(text)), text)
	}
	for _, text := range public {
		require.True(t, guard.Public(netip.MustParseAddr(text)), text)
	}
	require.False(t, guard.Public(netip.Addr{}))
}

// Whatever the bytes, an address means the same in each form, and what the
// standard library calls special is never public.
func FuzzPublic(f *testing.F) {
	for _, text := range append(notPublic, public...) {
		bytes := netip.MustParseAddr(text).As16()
		f.Add(bytes[:])
	}
	f.Fuzz(func(t *testing.T, bytes []byte) {
		a, ok := netip.AddrFromSlice(bytes)
		if !ok {
			return
		}
		got := guard.Public(a)
		require.Equal(t, got, guard.Public(netip.AddrFrom16(a.As16())))
		require.Equal(t, got, guard.Public(a.Unmap()))
		if plain := a.Unmap(); plain.IsPrivate() || plain.IsLoopback() || plain.IsLinkLocalUnicast() || plain.IsMulticast() || plain.IsUnspecified() {
			require.False(t, got)
		}
		if plain := a.Unmap(); plain.Is4() {
			embedded := plain.As4()
			nat64 := append([]byte{0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}, embedded[:]...)
			b, _ := netip.AddrFromSlice(nat64)
			require.Equal(t, got, guard.Public(b))
			sixToFour := append([]byte{0x20, 0x02}, append(embedded[:], make([]byte, 10)...)...)
			b, _ = netip.AddrFromSlice(sixToFour)
			require.False(t, guard.Public(b))
		}
	})
}
