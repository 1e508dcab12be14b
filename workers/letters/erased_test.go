package letters_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"
	"behalf/workers/workerstest"
)

// Nobody writes to who was erased: the mail is obsolete (R66).
func TestErasedBeforeTheMail(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	person := eventstore.Fresh()
	happened := w.As(w.Olivia, &invitation.InviteClient{Email: newcomer, Person: person})
	w.AsSystem(&user.EraseUser{Person: person})
	require.NoError(t, w.Erase(w.Ctx))
	w.Work()
	w.AwaitMail(happened[0].ID, "obsolete")
	require.Empty(t, w.Inbox.Messages())
}
