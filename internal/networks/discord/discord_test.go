package discord_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"behalf/internal/networks"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/discord/discordtest"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	t.Parallel()
	subject := discordtest.Subject()
	subject.Recorded = conformance.Recorded(t, "testdata/errors.json")
	conformance.Run(t, subject)
}

func TestForeignAddresses(t *testing.T) {
	t.Parallel()
	w := discordtest.Subject().Start(t, wire.Options{})
	olivia := discordtest.Hooks[fake.Olivia]
	for _, address := range []string{
		"", "https://discord.com/api/webhooks/1", "http" + strings.TrimPrefix(olivia.Address(), "https"),
		strings.Replace(olivia.Address(), "discord.com", "discord.com.example", 1), olivia.Address() + "/github",
		strings.Replace(olivia.Address(), "discord.com", "x@discord.com", 1),
	} {
		begun, err := w.Authorize(t.Context(), networks.AuthRequest{})
		require.NoError(t, err)
		_, err = w.Exchange(t.Context(), networks.Callback{Pending: begun.Pending, Fields: map[string]networks.Secret{
			"webhook": networks.NewSecret(address),
		}})
		require.ErrorContains(t, err, "invalid_webhook", address)
	}
	require.Empty(t, w.Gate.Requests(""))
}
