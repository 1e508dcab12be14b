// Package auditlog holds who has read the history of a workspace. It is a
// stream of its own, so that reading the membership history does not change it.
package auditlog

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// Category is that of the streams in here: one per workspace, with its id.
const Category domain.Category = "auditlog"

// Stream names the stream of a workspace.
func Stream(id domain.WorkspaceID) domain.Stream { return domain.StreamOf(Category, id) }

// AuditLog is folded from its stream.
type AuditLog struct {
	Reads int // how many times the history was read
}

// HistoryConsulted: somebody was shown a part of the history (R65).
type HistoryConsulted struct {
	Reader   domain.UserID `json:"reader"`
	Question Question      `json:"question"`
	About    string        `json:"about,omitempty"` // what it was about: positions, moments, ids
}

// EventType names the event in the log.
func (HistoryConsulted) EventType() string { return "auditlog.history_consulted.v1" }

// Evolve takes one more event into the state.
func (a *AuditLog) Evolve(event domain.Event) {
	if _, ok := event.(HistoryConsulted); ok {
		a.Reads++
	}
}

// Clone returns an independent copy.
func (a *AuditLog) Clone() domain.State {
	clone := *a
	return &clone
}

// Aggregate describes these streams.
func Aggregate() domain.Aggregate {
	return domain.Aggregate{
		Category: Category,
		New:      func() domain.State { return new(AuditLog) },
		Events:   []domain.EventType{domain.TypeOf[HistoryConsulted]()},
		Commands: []domain.CommandType{{
			Name:    "RecordHistoryRead",
			Issuer:  domain.ByFlow,
			Summary: "Note that somebody reads the history of the workspace.",
			Rules:   []domain.Rule{domain.R32, domain.R65},
			New:     func() any { return new(RecordHistoryRead) },
			Streams: func(_ any, ws domain.WorkspaceID, _ domain.Actor) []domain.Stream {
				return []domain.Stream{Stream(ws), workspace.Stream(ws)}
			},
			Decide: func(cmd any, ws domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
				w := domain.Fact[*workspace.Workspace](facts, workspace.Stream(ws))
				events, err := cmd.(*RecordHistoryRead).Decide(*w, by)
				return domain.On(Stream(ws), events...), err
			},
		}},
	}
}
