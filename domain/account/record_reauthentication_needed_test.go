package account

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

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
	given(t, onNews(connected(owner, olivias))).
		When(scenario.System(), record(scenario.Olivia, olivias)).
		Then(needed(scenario.Olivia, olivias))
}

// A member who never connected is asked just the same (R44).
func TestRecordThatThereIsNoConnection(t *testing.T) {
	t.Parallel()
	given(t, onNews(connected(owner, olivias))).
		When(scenario.System(), record(scenario.Carl, domain.ConnectionID{})).
		Then(needed(scenario.Carl, domain.ConnectionID{}))
}

// R44: once per outage, not once per post; each holder on their own.
func TestRecordReauthenticationNeededOncePerOutage(t *testing.T) {
	t.Parallel()
	outage := onNews(connected(owner, olivias), connected(client, carls), needed(scenario.Olivia, olivias))
	given(t, outage).When(scenario.System(), record(scenario.Olivia, olivias)).Nothing()
	given(t, outage).When(scenario.System(), record(scenario.Carl, carls)).Then(needed(scenario.Carl, carls))

	never := onNews(connected(owner, olivias), needed(scenario.Carl, domain.ConnectionID{}))
	given(t, never).When(scenario.System(), record(scenario.Carl, domain.ConnectionID{})).Nothing()
}

func TestTheNextOutageIsRecorded(t *testing.T) {
	t.Parallel()
	given(t, onNews(connected(owner, olivias), needed(scenario.Olivia, olivias), connected(owner, renewed))).
		When(scenario.System(), record(scenario.Olivia, renewed)).
		Then(needed(scenario.Olivia, renewed))
}

// Late word about a connection that was replaced is no outage.
func TestRecordAboutAConnectionThatWasReplaced(t *testing.T) {
	t.Parallel()
	mended := onNews(connected(owner, olivias), needed(scenario.Olivia, olivias), connected(owner, renewed))
	given(t, mended).When(scenario.System(), record(scenario.Olivia, olivias)).Nothing()
	given(t, mended).When(scenario.System(), record(scenario.Olivia, domain.ConnectionID{})).Nothing()
}

func TestRecordReauthenticationNeededIsTheSystems(t *testing.T) {
	t.Parallel()
	given(t, onNews(connected(owner, olivias))).
		When(owner, record(scenario.Olivia, olivias)).
		Refused(domain.R32, "not_found")
	given(t).When(scenario.System(), record(scenario.Olivia, olivias)).Refused(domain.R32, "not_found")
}
