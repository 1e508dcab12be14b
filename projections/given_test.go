package projections

import (
	"testing"

	"behalf/internal/testkit"
	"behalf/projections/storytest"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	stage = storytest.Stage{Views: Views(), Install: Install}
	given = stage.Given
)

// The story's people and things, what happens in it, and what it is told with.
var (
	news, blog, olivia, carl      = storytest.News, storytest.Blog, storytest.Olivia, storytest.Carl
	first, newKey, attempt        = storytest.First, storytest.NewKey, storytest.Attempt
	founded, newsAdded, blogAdded = storytest.Founded, storytest.NewsAdded, storytest.BlogAdded
	invited, accepted, sealed     = storytest.Invited, storytest.Accepted, storytest.Sealed
	connected, died, neverThere   = storytest.Connected, storytest.Died, storytest.NeverThere
	composed, planned, claimed    = storytest.Composed, storytest.Planned, storytest.Claimed
	inAcme, onNews, onHello       = storytest.InAcme, storytest.OnNews, storytest.OnHello
	record                        = storytest.Record
)

func TestEveryStatementCanBePrepared(t *testing.T) {
	t.Parallel()
	stage.PrepareStatements(t)
}

func TestInstallingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	g := given(t, record(inAcme(founded)...)...)
	installed := make(chan error)
	for range 4 {
		go func() { installed <- Install(t.Context(), g.Tables) }()
	}
	for range 4 {
		require.NoError(t, <-installed)
	}
	var kept string
	require.NoError(t, g.Tables.QueryRow(t.Context(), "select string_agg(name, ',') from views.workspaces").Scan(&kept))
	require.Equal(t, "Acme", kept)
}
