package signin

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"

	"behalf/domain"
)

// Scope is a group of operations that an API token may be made for.
type Scope string

// The scopes. What none of them covers takes a session: a person's own account,
// their sessions and tokens are never a program's business.
const (
	ToRead       Scope = "read"       // whatever the person can see but histories
	ToWorkspaces Scope = "workspaces" // commands about workspaces, members and invitations
	ToAccounts   Scope = "accounts"   // commands about social accounts, and connecting them
	ToPosts      Scope = "posts"      // commands about posts
	ToAudit      Scope = "audit"      // histories, and their proofs
	ToOperate    Scope = "operate"    // what operators of the installation do; theirs alone
)

// Scopes lists all of them.
func Scopes() []Scope { return []Scope{ToRead, ToWorkspaces, ToAccounts, ToPosts, ToAudit, ToOperate} }

// workspaces are ids as Postgres has them: null when there are none.
type workspaces []domain.WorkspaceID

func (w workspaces) stored() [][16]byte {
	var ids [][16]byte
	for _, id := range w {
		ids = append(ids, id)
	}
	return ids
}

var _ pgtype.ArraySetter = (*workspaces)(nil)

// SetDimensions implements pgtype.ArraySetter.
func (w *workspaces) SetDimensions(dimensions []pgtype.ArrayDimension) error {
	*w = nil
	switch len(dimensions) {
	case 0:
		return nil
	case 1:
		*w = make(workspaces, dimensions[0].Length)
		return nil
	default:
		return fmt.Errorf("workspaces are a list, not %d-dimensional", len(dimensions))
	}
}

// ScanIndex implements pgtype.ArraySetter.
func (w *workspaces) ScanIndex(i int) any { return (*[16]byte)(&(*w)[i]) }

// ScanIndexType implements pgtype.ArraySetter.
func (w *workspaces) ScanIndexType() any { return new([16]byte) }
