package reading

import (
	"testing"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"

	"github.com/stretchr/testify/require"
)

func TestWhoSeesWhichAccounts(t *testing.T) {
	t.Parallel()
	byCarl := account.Connected{Workspace: acme, Network: "wordpress", Remote: "site-1", Connection: newKey, Holder: carl}
	names := func(reader *Reader, seenBy domain.UserID) []string {
		found := value[[]Account](t)(reader.Accounts(t.Context(), ofAcme, 0, AccountPage{SeenBy: seenBy}))
		all := []string{}
		for _, account := range found {
			all = append(all, account.Name)
		}
		return all
	}
	reader := readerOn(t, team()...)
	require.Equal(t, []string{"Acme News", "Blog"}, names(reader, domain.UserID{}))
	require.Equal(t, []string{"Acme News", "Blog"}, names(reader, olivia), "the Owner sees all (R2)")
	require.Equal(t, []string{"Acme News"}, names(reader, carl), "assigned (R27)")
	require.Empty(t, names(reader, dora))
	_, err := reader.Account(t.Context(), asCarl, 0, blog, carl)
	require.ErrorIs(t, err, ErrNotFound)

	reader = readerOn(t, team(domain.On(account.Stream(blog), byCarl)...)...)
	require.Equal(t, []string{"Acme News", "Blog"}, names(reader, carl), "connected themselves (R27)")
	require.Equal(t, Account{
		ID: blog, Network: "wordpress", Remote: "site-1", Name: "Blog", AddedBy: carl, HasIdentities: true, AddedAt: at(3), Approval: workspace.AnyClient,
		Connections: []Connection{{Account: blog, Holder: carl, HolderName: sealed(carl, "Carl"), ID: newKey, State: account.Active, Since: at(10)}},
	}, value[Account](t)(reader.Account(t.Context(), asCarl, 0, blog, carl)))
}
