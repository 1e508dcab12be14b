package account

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

// Once for a connection, to its holder alone, while it is of use (R44).
func TestAnnounceExpiry(t *testing.T) {
	t.Parallel()
	runsOut := time.Date(2026, 12, 7, 12, 0, 0, 0, time.UTC)
	announce := func(holder domain.UserID, connection domain.ConnectionID) AnnounceExpiry {
		return AnnounceExpiry{Account: scenario.News, Holder: holder, Connection: connection, Expires: runsOut}
	}
	announced := ExpiryAnnounced{Holder: scenario.Olivia, Connection: olivias, Expires: runsOut}
	held := onNews(connected(owner, olivias))
	given(t, acme.Founded(), held).When(scenario.System(), announce(scenario.Olivia, olivias)).Then(announced)
	given(t, acme.Founded(), held, onNews(announced)).When(scenario.System(), announce(scenario.Olivia, olivias)).Nothing()
	given(t, acme.Founded(), held, onNews(announced, connected(owner, renewed))).When(scenario.System(), announce(scenario.Olivia, olivias)).Nothing()
	given(t, acme.Founded(), held, onNews(announced, connected(owner, renewed))).When(scenario.System(), announce(scenario.Olivia, renewed)).
		Then(ExpiryAnnounced{Holder: scenario.Olivia, Connection: renewed, Expires: runsOut})
	given(t, acme.Founded(), held, onNews(needed(scenario.Olivia, olivias))).When(scenario.System(), announce(scenario.Olivia, olivias)).Nothing()
	given(t, acme.Founded(), held, acme.In(workspace.Closed{})).When(scenario.System(), announce(scenario.Olivia, olivias)).Nothing()
	given(t, acme.Founded(), held).When(owner, announce(scenario.Olivia, olivias)).Refused(domain.R32, "not_found")

	mine := acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.News, workspace.MemberMode))
	both := onNews(connected(owner, olivias), connected(client, carls))
	given(t, acme.Founded(), mine, both).When(scenario.System(), announce(scenario.Carl, carls)).
		Then(ExpiryAnnounced{Holder: scenario.Carl, Connection: carls, Expires: runsOut})
	given(t, acme.Founded(), mine, both, acme.In(workspace.CredentialModeChanged{Member: scenario.Carl, Account: scenario.News, To: workspace.OwnerMode})).
		When(scenario.System(), announce(scenario.Carl, carls)).Nothing()
}
