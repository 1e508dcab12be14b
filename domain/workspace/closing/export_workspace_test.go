package closing_test

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
)

var (
	asked    = workspace.ExportRequested{Export: domain.ExportID(scenario.Fresh(1)), Until: scenario.Now.Add(closing.ExportPatience)}
	finished = closing.FinishExport{Export: asked.Export, Object: "one", Bytes: 3, SHA256: "aa"}
	made     = workspace.ExportFinished{
		Export: asked.Export, Owner: scenario.Olivia, Object: "one", Bytes: 3, SHA256: "aa", Until: scenario.Now.Add(closing.ExportLife),
	}
)

// R13: the Owner's, of a closed workspace too, and one at a time.
func TestExportWorkspace(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, closing.ExportWorkspace{}).Then(asked)
	team.Given(t, append(team.Complete(workspace.OwnerMode), workspace.Closed{})...).When(team.Owner, closing.ExportWorkspace{}).Then(asked)
	team.Given(t, append(team.Complete(workspace.OwnerMode), toBeDeleted)...).When(team.Owner, closing.ExportWorkspace{}).Then(asked)
	team.Given(t, append(team.Complete(workspace.OwnerMode), asked)...).When(team.Owner, closing.ExportWorkspace{}).Refused(domain.R13, "export_under_way")
	team.Given(t, append(team.Complete(workspace.OwnerMode), asked, made)...).When(team.Owner, closing.ExportWorkspace{}).Then(asked)
	later := scenario.At(team.Owner, asked.Until)
	again := workspace.ExportRequested{Export: asked.Export, Until: asked.Until.Add(closing.ExportPatience)}
	team.Given(t, append(team.Complete(workspace.OwnerMode), asked)...).When(later, closing.ExportWorkspace{}).Then(again)
	for _, by := range []domain.Actor{team.Admin, team.Editor, team.Client} {
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(by, closing.ExportWorkspace{}).Refused(domain.R13, "owner_only")
	}
	for _, by := range []domain.Actor{team.Stranger, scenario.System(), {}} {
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(by, closing.ExportWorkspace{}).Refused(domain.R32, "not_found")
	}
	team.Given(t, append(team.Complete(workspace.OwnerMode), workspace.TwoFactorRequired{Member: scenario.Olivia})...).When(team.Owner, closing.ExportWorkspace{}).Refused(domain.R63, "two_factor_required")
	team.Given(t, append(team.Complete(workspace.OwnerMode), toBeDeleted, workspace.Deleted{})...).When(team.Owner, closing.ExportWorkspace{}).Refused(domain.R32, "not_found")
}

// The first archive of a request is offered, and no other.
func TestFinishExport(t *testing.T) {
	t.Parallel()
	history := append(team.Complete(workspace.OwnerMode), asked)
	team.Given(t, history...).When(scenario.System(), finished).Then(made)
	team.Given(t, append(history, made)...).When(scenario.System(), finished).Nothing()
	team.Given(t, append(history, workspace.Deleted{})...).When(scenario.System(), finished).Nothing()
	team.Given(t, append(history, workspace.ExportRequested{Export: domain.ExportID{15: 9}, Until: scenario.Now.Add(time.Hour)})...).When(scenario.System(), finished).Nothing()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(scenario.System(), finished).Nothing()
	team.IsBehalfs(t, history, finished)
}
