package account

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
)

// R62: the connection is given up, once.
func TestDestroyConnection(t *testing.T) {
	t.Parallel()
	destroy := DestroyConnection{Account: scenario.News, Holder: scenario.Carl, Connection: carls}
	destroyed := ConnectionDestroyed{Holder: scenario.Carl, Connection: carls}
	both := onNews(connected(owner, olivias), connected(client, carls))

	given(t, acme.Founded(), both).When(scenario.System(), destroy).Then(destroyed)
	given(t, acme.Founded(), both, onNews(destroyed)).When(scenario.System(), destroy).Nothing()
	given(t, acme.Founded(), onNews(connected(owner, olivias))).When(scenario.System(), destroy).Nothing()
}

// A member who came back and connected again keeps the new connection.
func TestDestroyConnectionThatWasReplaced(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded(), onNews(connected(client, carls), connected(client, renewed))).
		When(scenario.System(), DestroyConnection{Account: scenario.News, Holder: scenario.Carl, Connection: carls}).
		Nothing()
}

func TestDestroyConnectionIsBehalfsAlone(t *testing.T) {
	t.Parallel()
	destroy := DestroyConnection{Account: scenario.News, Holder: scenario.Carl, Connection: carls}
	for _, by := range []domain.Actor{owner, client, stranger, {}} {
		given(t, acme.Founded(), onNews(connected(client, carls))).When(by, destroy).Refused(domain.R32, "not_found")
	}
	given(t).When(scenario.System(), destroy).Refused(domain.R32, "not_found")
}

func TestDestroyedConnectionIsMissing(t *testing.T) {
	t.Parallel()
	var a Account
	for _, event := range []domain.Event{
		connected(owner, olivias), connected(client, carls),
		ReauthenticationNeeded{Holder: scenario.Carl, Connection: carls, Code: "ExpiredToken"},
		ConnectionDestroyed{Holder: scenario.Carl, Connection: carls},
	} {
		a.Evolve(event)
	}
	require.Equal(t, Missing, a.ConnectionOf(scenario.Carl).State)
	require.Empty(t, a.Outages, "nobody is asked to mend it any more")
	require.Equal(t, Active, a.ConnectionOf(scenario.Olivia).State)
}
