// Package closing ends a workspace, and has all that it holds taken along (R13).
package closing

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// Commands lists the commands that end a workspace, or take along what it holds.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		workspace.Dangerous(workspace.ByMember[CloseWorkspace]("CloseWorkspace", "Close the workspace for good: nothing is published any more, the history stays readable.")),
		workspace.Dangerous(workspace.ByMember[ExportWorkspace]("ExportWorkspace", "Have everything that the workspace holds put into one archive: data, media, history with proofs.")),
		workspace.BySystem[FinishExport]("FinishExport", "Offer an archive that was asked for.", domain.R13),
		workspace.Dangerous(workspace.ByMember[DeleteWorkspace]("DeleteWorkspace", "Have the workspace deleted in 30 days.")),
		workspace.ByMember[CancelDeletion]("CancelDeletion", "Keep a workspace that was to be deleted."),
		workspace.BySystem[FinishDeletion]("FinishDeletion", "Delete a workspace whose days of grace have passed.", domain.R13),
	}
}
