package membership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// ChangeClientAccess sets the two flags of a Client (R14-R17). With
// manage_posts go the credential modes: withdrawing it removes them, and the
// Client's posts pass to the Owner (R19, R61).
type ChangeClientAccess struct {
	workspace.Whom
	Access         workspace.ClientAccess   `json:"access" doc:"Both flags unset means read-only (R15)."`
	CredentialMode workspace.CredentialMode `json:"credential_mode,omitempty" enum:"owner,member" doc:"Whose connection the posts go out through, on every account, where manage_posts is new (R19). A Client who has manage_posts gets another one by ChangeCredentialMode."`

	Pending []domain.PostID `json:"-"` // the member's posts that are not published yet; looked up
}

// Decide refuses with R2 or R5 (not the Owner), R14 (not a Client) or R19 (a
// mode without manage_posts, none where it is new, or another one than the
// Client has where it is not). Flags that are set already change nothing.
func (c ChangeClientAccess) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	_, of, err := w.Manage(by, c.Whom, domain.R14)
	if err != nil {
		return nil, err
	}
	if of.Role != workspace.Client {
		return nil, domain.Clash(domain.R14, "flags_for_clients_only", "Only Clients have these two flags.")
	}
	if err := c.checkMode(of); err != nil {
		return nil, err
	}
	if of.Access == c.Access {
		return nil, nil
	}
	changed := workspace.ClientAccessChanged{Member: of.User, From: of.Access, To: c.Access}
	switch {
	case c.Access.ManagePosts && !of.Access.ManagePosts && len(of.Assignments) > 0:
		changed.Mode = c.CredentialMode
	case !c.Access.ManagePosts && of.Access.ManagePosts:
		changed.Posts = c.Pending
	}
	return of.Becomes(changed), nil
}

// checkMode makes sure that the mode which is named is, afterwards, that of
// every account which the Client has: it is never taken for granted, or dropped.
func (c ChangeClientAccess) checkMode(of workspace.Subject) error {
	const field = "credential_mode"
	switch {
	case !c.Access.ManagePosts && c.CredentialMode != workspace.NoMode:
		return domain.Wrong(domain.R19, field, "mode_without_manage_posts", "A credential mode goes only with manage_posts.")
	case !c.Access.ManagePosts || len(of.Assignments) == 0:
		return nil
	case !of.Access.ManagePosts:
		return workspace.CheckMode(c.CredentialMode, field, domain.R19)
	case c.CredentialMode == workspace.NoMode:
		return nil
	}
	for _, assignment := range of.Assignments {
		if assignment.CredentialMode != c.CredentialMode {
			return domain.Wrong(domain.R19, field, "mode_set_already", "The Client has manage_posts already, with another mode. ChangeCredentialMode changes it, account by account.")
		}
	}
	return nil
}
