package exports

import (
	"testing"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
)

// R13: what is wanted is kept, with what became of it, until the workspace is deleted.
func TestExports(t *testing.T) {
	t.Parallel()
	asked := workspace.ExportRequested{Export: domain.ExportID{15: 1}, Until: dawn.Add(closing.ExportPatience)}
	finished := workspace.ExportFinished{Export: asked.Export, Owner: olivia, Object: "one.zip", Bytes: 3, SHA256: "aa", Until: dawn.Add(closing.ExportLife)}
	want := Export{
		Workspace: acme, ID: asked.Export, Position: 2, RequestedBy: olivia, RequestedAt: at(2), WantedUntil: asked.Until,
	}
	g := given(t, record(inAcme(founded, asked)...)...)
	then(g, exports, want)

	want.ReadyAt, want.ExpiresAt, want.Object, want.Bytes, want.SHA256 = at(3), finished.Until, "one.zip", 3, "aa"
	g = given(t, record(inAcme(founded, asked, finished)...)...)
	then(g, exports, want)
	then(given(t, record(inAcme(founded, asked, finished, workspace.Deleted{})...)...), exports)
}
