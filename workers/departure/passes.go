package departure

import (
	"behalf/domain"
	"behalf/domain/post/writing"
	"behalf/projections/work"
)

// pass is one post on its way to the Owner.
type pass struct {
	in domain.WorkspaceID
	writing.PassToOwner
}

// passes makes one command of the targets of one post, which stand together.
// Where more may follow, the last post's targets may not be all: it is left for
// the next page, unless it is the only one.
func passes(found []work.DepartedTarget, more bool) []pass {
	var all []pass
	everywhere := false
	for i, target := range found {
		if i == 0 || target.Post != found[i-1].Post || target.Author != found[i-1].Author {
			all = append(all, pass{in: target.Workspace, PassToOwner: writing.PassToOwner{Post: target.Post, Author: target.Author}})
			everywhere = false
		}
		last := &all[len(all)-1]
		everywhere = everywhere || target.Everywhere
		last.Accounts = append(last.Accounts, target.Account)
		if everywhere {
			last.Accounts = nil
		}
	}
	if more && len(all) > 1 {
		all = all[:len(all)-1]
	}
	return all
}
