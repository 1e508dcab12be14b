package domain

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestActorIsEitherAUserOrAPart(t *testing.T) {
	t.Parallel()
	require.True(t, Actor{Part: "publish"}.IsSystem())
	require.False(t, Actor{User: UserID{15: 1}}.IsSystem())
	require.False(t, Actor{User: UserID{15: 1}, Part: "publish"}.IsSystem(), "a user never passes as a part")
	require.False(t, Actor{}.IsSystem(), "nobody is not a part")
}

func TestActorMakesFreshIDs(t *testing.T) {
	t.Parallel()
	var made byte
	by := Actor{Fresh: func() [16]byte { made++; return [16]byte{15: made} }}

	require.Equal(t, WorkspaceID{15: 1}, by.NewWorkspaceID())
	require.Equal(t, AccountID{15: 2}, by.NewAccountID())
	require.Equal(t, PostID{15: 3}, by.NewPostID())
	require.Equal(t, InvitationID{15: 4}, by.NewInvitationID())
	require.Equal(t, AttemptID{15: 5}, by.NewAttemptID())
}
