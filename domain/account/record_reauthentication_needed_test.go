package account

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

// team is Acme with Carl, who posts to News with his own connection.
func team(more ...domain.Event) []domain.Change {
	joined := acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.News, workspace.MemberMode))
	return append(append(acme.Founded(), joined...), acme.In(more...)...)
}

func record(holder domain.UserID, connection domain.ConnectionID) RecordReauthenticationNeeded {
	return RecordReauthenticationNeeded{
		Account: scenario.News, Holder: holder, Connection: connection, Code: "ExpiredToken", Detail: "The network no longer accepts it.",
	}
}

func needed(holder domain.UserID, connection domain.ConnectionID) ReauthenticationNeeded {
	return ReauthenticationNeeded{
		Holder: holder, Connection: connection, Code: "ExpiredToken", Detail: "The network no longer accepts it.",
	}
}

func TestRecordReauthenticationNeeded(t *testing.T) {
	t.Parallel()
	given(t, team(), onNews(connected(owner, olivias))).
		When(scenario.System(), record(scenario.Olivia, olivias)).
		Then(needed(scenario.Olivia, olivias))
}

// A member who never connected is asked just the same (R44).
func TestRecordThatThereIsNoConnection(t *testing.T) {
	t.Parallel()
	given(t, team(), onNews(connected(owner, olivias))).
		When(scenario.System(), record(scenario.Carl, domain.ConnectionID{})).
		Then(needed(scenario.Carl, domain.ConnectionID{}))
}

// R44: once per outage, not once per post; each holder on their own.
func TestRecordReauthenticationNeededOncePerOutage(t *testing.T) {
	t.Parallel()
	outage := onNews(connected(owner, olivias), connected(client, carls), needed(scenario.Olivia, olivias))
	given(t, team(), outage).When(scenario.System(), record(scenario.Olivia, olivias)).Nothing()
	given(t, team(), outage).When(scenario.System(), record(scenario.Carl, carls)).Then(needed(scenario.Carl, carls))

	never := onNews(connected(owner, olivias), needed(scenario.Carl, domain.ConnectionID{}))
	given(t, team(), never).When(scenario.System(), record(scenario.Carl, domain.ConnectionID{})).Nothing()
}

func TestTheNextOutageIsRecorded(t *testing.T) {
	t.Parallel()
	given(t, team(), onNews(connected(owner, olivias), needed(scenario.Olivia, olivias), connected(owner, renewed))).
		When(scenario.System(), record(scenario.Olivia, renewed)).
		Then(needed(scenario.Olivia, renewed))
}

// Who disconnects is asked once nothing is left of the connection: until then the
// word would be about what is being given up.
func TestRecordAboutWhatWasDisconnected(t *testing.T) {
	t.Parallel()
	gone := onNews(connected(owner, olivias), Disconnected{Holder: scenario.Olivia, Connection: olivias})
	destroyed := onNews(ConnectionDestroyed{Holder: scenario.Olivia, Connection: olivias, Disconnected: true})
	given(t, team(), gone).When(scenario.System(), record(scenario.Olivia, olivias)).Nothing()
	given(t, team(), gone, destroyed).When(scenario.System(), record(scenario.Olivia, olivias)).Nothing()
	given(t, team(), gone, destroyed).
		When(scenario.System(), record(scenario.Olivia, domain.ConnectionID{})).
		Then(needed(scenario.Olivia, domain.ConnectionID{}))
}

// R35: whose posts go out through the Owner's connection is not asked to mend
// their own, until they post with it again; nobody is where nothing is published.
func TestRecordAboutWhatIsOfNoUse(t *testing.T) {
	t.Parallel()
	carl := onNews(connected(owner, olivias), connected(client, carls))
	mode := func(from, to workspace.CredentialMode) domain.Event {
		return workspace.CredentialModeChanged{Member: scenario.Carl, Account: scenario.News, From: from, To: to}
	}
	away, back := mode(workspace.MemberMode, workspace.OwnerMode), mode(workspace.OwnerMode, workspace.MemberMode)
	given(t, team(away), carl).When(scenario.System(), record(scenario.Carl, carls)).Nothing()
	given(t, team(away), carl).When(scenario.System(), record(scenario.Olivia, olivias)).Then(needed(scenario.Olivia, olivias))
	given(t, team(away, back), carl).When(scenario.System(), record(scenario.Carl, carls)).Then(needed(scenario.Carl, carls))
	for _, holder := range []domain.UserID{scenario.Carl, scenario.Olivia} {
		id := map[domain.UserID]domain.ConnectionID{scenario.Carl: carls, scenario.Olivia: olivias}[holder]
		given(t, team(workspace.Closed{}), carl).When(scenario.System(), record(holder, id)).Nothing()
		given(t, team(workspace.AccountRemoved{Account: scenario.News}), carl).When(scenario.System(), record(holder, id)).Nothing()
	}
}

// Late word about a connection that was replaced is no outage.
func TestRecordAboutAConnectionThatWasReplaced(t *testing.T) {
	t.Parallel()
	mended := onNews(connected(owner, olivias), needed(scenario.Olivia, olivias), connected(owner, renewed))
	given(t, team(), mended).When(scenario.System(), record(scenario.Olivia, olivias)).Nothing()
	given(t, team(), mended).When(scenario.System(), record(scenario.Olivia, domain.ConnectionID{})).Nothing()
}

func TestRecordReauthenticationNeededIsTheSystems(t *testing.T) {
	t.Parallel()
	given(t, team(), onNews(connected(owner, olivias))).
		When(owner, record(scenario.Olivia, olivias)).
		Refused(domain.R32, "not_found")
	given(t, team()).When(scenario.System(), record(scenario.Olivia, olivias)).Refused(domain.R32, "not_found")
}
