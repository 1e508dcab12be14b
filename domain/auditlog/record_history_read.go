package auditlog

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// Question is what somebody wants to know of the history.
type Question string

// The questions.
const (
	WhatHappened Question = "log"        // the events themselves
	WhoWasIn     Question = "as_of"      // the membership as of a moment
	WhatChanged  Question = "diff"       // between two moments
	WhoCould     Question = "who_could"  // publish to an account at a moment
	Proof        Question = "proof"      // that an event is in the log
	Checkpoint   Question = "checkpoint" // the newest one
	Archive      Question = "archive"    // of the whole workspace, with its history
)

// maxAbout is how long the text of what a question is about may be.
const maxAbout = 1000

// RecordHistoryRead notes what somebody is about to be shown.
type RecordHistoryRead struct {
	Question Question `json:"question"`
	About    string   `json:"about,omitempty"`
}

// Decide answers R32 to outsiders, and refuses with R65 members who may not audit.
func (c RecordHistoryRead) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	member, err := w.AdmitReader(by)
	if err != nil {
		return nil, err
	}
	if err := member.MayAudit(); err != nil {
		return nil, err
	}
	about := c.About
	if len(about) > maxAbout {
		return nil, domain.Wrong(domain.R65, "about", "malformed_text", "The question is too long.")
	}
	return []domain.Event{HistoryConsulted{Reader: by.User, Question: c.Question, About: about}}, nil
}
