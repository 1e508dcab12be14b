package auditlog

import (
	"strings"
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

func given(t *testing.T, changes ...domain.Change) scenario.Story {
	t.Helper()
	return scenario.Given(t, scenario.Acme, scenario.NewLog(Aggregate(), workspace.Aggregate()), append(acme.Founded(), changes...)...)
}

func TestRecordHistoryRead(t *testing.T) {
	t.Parallel()
	read := RecordHistoryRead{Question: WhoWasIn, About: "as of 42"}
	consulted := HistoryConsulted{Reader: scenario.Olivia, Question: WhoWasIn, About: "as of 42"}
	given(t).
		When(scenario.As(scenario.Olivia), read).
		Then(consulted)

	given(t, domain.On(Stream(scenario.Acme), consulted)...).
		When(scenario.As(scenario.Olivia), read).
		Then(consulted)

	given(t).
		When(scenario.As(scenario.Olivia), RecordHistoryRead{Question: WhatHappened, About: strings.Repeat("x", maxAbout+1)}).
		Refused(domain.R65, "malformed_text")
}

func TestOnlyAuditorsReadHistory(t *testing.T) {
	t.Parallel()
	for _, role := range []workspace.Role{workspace.Admin, workspace.Editor, workspace.Client} {
		given(t, acme.Joined(scenario.Carl, role, acme.Writes)...).
			When(scenario.As(scenario.Carl), RecordHistoryRead{Question: WhatHappened}).
			Refused(domain.R65, "auditors_only")
	}
	given(t).
		When(scenario.As(scenario.Mallory), RecordHistoryRead{Question: WhatHappened}).
		Refused(domain.R32, "not_found")
	given(t).
		When(scenario.System(), RecordHistoryRead{Question: WhatHappened}).
		Refused(domain.R32, "not_found")
}
