package accounts

import (
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/eventstore"
	"behalf/projections/rows"
)

type connectionRow struct {
	Account        domain.AccountID        `db:"account_id"`
	Holder         domain.UserID           `db:"holder_id"`
	Workspace      domain.WorkspaceID      `db:"workspace_id"`
	Connection     domain.ConnectionID     `db:"connection_id"`
	State          account.ConnectionState `db:"state"`
	Identity       string                  `db:"identity"`
	Since          time.Time               `db:"since"`
	OutageCode     string                  `db:"outage_code"`
	OutageDetail   string                  `db:"outage_detail"`
	OutageEvent    domain.EventID          `db:"outage_event"`
	OutagePosition int64                   `db:"outage_position"`
	Reminded       int                     `db:"reminded"` // of how many days without mending
	Position       int64                   `db:"position"` // of the event that made the connection; 0 without one
}

// changedConnection is what happens to a connection while it stands.
func changedConnection(recorded eventstore.Recorded) []rows.Change {
	of := func(holder domain.UserID, set rows.Values) []rows.Change {
		return []rows.Change{connections.Patch(rows.Values{"account_id": domain.AccountID(recorded.Stream.ID), "holder_id": holder}, set)}
	}
	switch e := recorded.Event.(type) {
	case account.HolderReminded:
		return of(e.Holder, rows.Values{"reminded": e.Days})
	case account.PostingIdentityChanged:
		return of(e.Holder, rows.Values{"identity": e.To})
	case account.Disconnected:
		return of(e.Holder, rows.Values{
			"state": account.Revoked, "since": recorded.RecordedAt, "outage_code": "", "outage_detail": "",
			"outage_event": domain.EventID{}, "outage_position": int64(0), "reminded": 0,
		})
	}
	return nil
}

// disconnected leaves a row without a connection. An outage since it was disconnected
// is about what is missing now, and stays.
func disconnected(recorded eventstore.Recorded, holder domain.UserID) rows.Change {
	return connections.Patch(
		rows.Values{"account_id": domain.AccountID(recorded.Stream.ID), "holder_id": holder},
		rows.Values{"state": account.Missing, "connection_id": domain.ConnectionID{}, "identity": ""},
	)
}

// outage keeps what is known of a connection that died, and makes a row for a
// holder who never had one.
func outage(recorded eventstore.Recorded, e account.ReauthenticationNeeded) rows.Change {
	if e.Connection.IsZero() {
		return connections.Put(connectionRow{
			Account: recorded.Stream.ID, Holder: e.Holder, Workspace: recorded.Workspace,
			State: account.Missing, Since: recorded.RecordedAt,
			OutageCode: e.Code, OutageDetail: e.Detail, OutageEvent: recorded.ID, OutagePosition: recorded.Position,
		})
	}
	return connections.Patch(
		rows.Values{"account_id": domain.AccountID(recorded.Stream.ID), "holder_id": e.Holder},
		rows.Values{
			"state": account.NeedsReauthentication, "since": recorded.RecordedAt,
			"outage_code": e.Code, "outage_detail": e.Detail,
			"outage_event": recorded.ID, "outage_position": recorded.Position, "reminded": 0,
		},
	)
}
