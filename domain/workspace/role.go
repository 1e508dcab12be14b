package workspace

import "behalf/domain"

// Role is what a member is in a workspace (R1).
type Role string

// The roles.
const (
	Owner  Role = "owner"
	Admin  Role = "admin"
	Editor Role = "editor"
	Client Role = "client"
)

// ClientAccess is what a Client may do besides reading (R14-R17). Both flags
// unset means read-only. An Admin has AddAccounts alone (R7).
type ClientAccess struct {
	AddAccounts bool `json:"add_accounts" doc:"May add social accounts."`
	ManagePosts bool `json:"manage_posts" doc:"May create, edit and delete posts on the assigned accounts."`
}

// PostingLevel says whether an Editor's posts need the team's approval (R50).
type PostingLevel string

// The posting levels. Everyone but Editors is Full.
const (
	Full             PostingLevel = "full"
	ApprovalRequired PostingLevel = "approval_required"
)

// CredentialMode says whose connection a member's posts go out through (R33).
type CredentialMode string

// The credential modes. NoMode is that of a Client without manage_posts (R19).
const (
	NoMode     CredentialMode = ""
	OwnerMode  CredentialMode = "owner"
	MemberMode CredentialMode = "member"
)

// Assignment gives a member one social account.
type Assignment struct {
	Account        domain.AccountID `json:"account" doc:"A social account of this workspace."`
	PostingLevel   PostingLevel     `json:"posting_level,omitempty" enum:"full,approval_required" doc:"Editors only; everyone else is full."`
	ApprovesPosts  bool             `json:"approves_posts,omitempty" doc:"Whether this Client approves posts on the account (R18)."`
	CredentialMode CredentialMode   `json:"credential_mode,omitempty" enum:"owner,member" doc:"Whose connection the member's posts go out through (R33); only with manage_posts (R19)."`
}
