package people_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/domain/user"
	"behalf/domain/workspace/invitation"
)

func askChange(p *apitest.Person, email string) apitest.Answer {
	return p.Post("/v1/me/address", map[string]any{"email": email, "password": apitest.Password})
}

func change(p *apitest.Person, token string) apitest.Answer {
	return p.Post("/v1/me/address/complete", map[string]any{"token": token})
}

func TestChangingTheAddress(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	carl := w.SignUp(t, "carl")
	person := w.PersonAt(t, carl.Email)
	carl.Post("/v1/me/address", map[string]any{"email": "new@example.com", "password": "wrong password"}).
		Problem(http.StatusUnauthorized, "wrong_credentials")
	askChange(carl, "not an address").Problem(http.StatusUnprocessableEntity, "malformed_email")
	askChange(carl, "first@example.com").Is(http.StatusAccepted)
	superseded := w.LinkOf(t, person, user.ToChangeAddress)
	askChange(carl, "new@example.com").Is(http.StatusAccepted)
	link := w.LinkOf(t, person, user.ToChangeAddress)
	var me struct {
		Email   string
		Pending string `json:"pending_email"`
	}
	carl.Get("/v1/me").Is(http.StatusOK).Read(&me)
	require.Equal(t, "carl@example.com", me.Email)
	require.Equal(t, "new@example.com", me.Pending)
	signIn(w, t, "new@example.com", apitest.Password).Problem(http.StatusUnauthorized, "wrong_credentials")

	mallory := w.SignUp(t, "mallory")
	change(mallory, link).Problem(http.StatusNotFound, "not_found")
	change(w.Nobody(t), link).Problem(http.StatusUnauthorized, "not_signed_in")
	change(carl, superseded).Problem(http.StatusConflict, "link_superseded")
	resetting := askReset(w, t, carl.Email)
	change(carl, link).Is(http.StatusNoContent)
	change(carl, link).Problem(http.StatusConflict, "link_used")
	reset(w, t, resetting, "another password").Problem(http.StatusConflict, "link_used")

	me.Pending = ""
	carl.Get("/v1/me").Is(http.StatusOK).Read(&me)
	require.Equal(t, "new@example.com", me.Email)
	require.Empty(t, me.Pending)
	signIn(w, t, "carl@example.com", apitest.Password).Problem(http.StatusUnauthorized, "wrong_credentials")
	signIn(w, t, "New@example.com", apitest.Password).Is(http.StatusCreated)
	require.Equal(t, person, w.PersonAt(t, "new@example.com"))
	require.NotEqual(t, carl.ID, w.SignUp(t, "carl").ID, "the former address is free, for another person")
	require.NotContains(t, w.Logs.String(), "new@example.com")
	var clear int
	require.NoError(t, w.Admin.QueryRow(t.Context(), "select count(*) from log.events where convert_from(data, 'UTF8') like '%@example.com%'").Scan(&clear))
	require.Zero(t, clear)
}

// An address that somebody else registered is not taken from them; only who
// reads its mail is told. One that was merely invited is.
func TestAddressesThatSomebodyHas(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.SignUp(t, "carl")
	team.SignUp(t, "edith")
	person := team.PersonAt(t, carl.Email)
	askChange(carl, "edith@example.com").Is(http.StatusAccepted)
	change(carl, team.LinkOf(t, person, user.ToChangeAddress)).Problem(http.StatusConflict, "address_taken")
	signIn(team.World, t, carl.Email, apitest.Password).Is(http.StatusCreated)

	team.Invite(t, "carl@work.example", "owner")
	askChange(carl, "carl@work.example").Is(http.StatusAccepted)
	change(carl, team.LinkOf(t, person, user.ToChangeAddress)).Is(http.StatusNoContent)
	again := team.Invite(t, "carl@work.example", "owner")
	carl.Command(team.Workspace, "AcceptInvitation", map[string]string{"token": again}).Is(http.StatusOK)
}

// R22-R24: the invitation to an address that has become somebody else's since is
// nobody's to accept, and does not stay pending: it can be taken back, and expires.
func TestInvitationsToAddressesThatChangedHands(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.SignUp(t, "carl")
	list := func() (listed []struct{ ID, Status string }) {
		var answer struct {
			Invitations []struct{ ID, Status string }
		}
		head, err := team.Store.Head(t.Context())
		require.NoError(t, err)
		team.Olivia.Get(apitest.At("/v1/workspaces/"+team.Workspace+"/invitations?status=pending", head)).Is(http.StatusOK).Read(&answer)
		return answer.Invitations
	}
	earlier, beforeMoved := team.Invite(t, "carl@work.example", "owner"), list()
	require.Len(t, beforeMoved, 1)
	askChange(carl, "carl@work.example").Is(http.StatusAccepted)
	change(carl, team.LinkOf(t, team.PersonAt(t, carl.Email), user.ToChangeAddress)).Is(http.StatusNoContent)
	carl.Command(team.Workspace, "AcceptInvitation", map[string]string{"token": earlier}).Problem(http.StatusForbidden, "other_address")

	later := team.Invite(t, "carl@work.example", "owner")
	require.Len(t, list(), 2, "it is another person's, which the first one does not say")
	carl.Command(team.Workspace, "AcceptInvitation", map[string]string{"token": later}).Is(http.StatusOK)
	require.Equal(t, beforeMoved, list())
	team.Clock.Move(invitation.Life + time.Second)
	require.Empty(t, list(), "nobody has to say that it has expired")
	team.Olivia.Command(team.Workspace, "RevokeInvitation", map[string]string{"invitation": beforeMoved[0].ID}).Is(http.StatusOK)
}

// Two people want one address at once: one gets it.
func TestOneAddressForTwo(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	answers := make(chan int, 2)
	for _, name := range []string{"carl", "edith"} {
		p := w.SignUp(t, name)
		askChange(p, "shared@example.com").Is(http.StatusAccepted)
		link := w.LinkOf(t, w.PersonAt(t, p.Email), user.ToChangeAddress)
		go func() { answers <- change(p, link).Status }()
	}
	require.ElementsMatch(t, []int{http.StatusNoContent, http.StatusConflict}, []int{<-answers, <-answers})
	signIn(w, t, "shared@example.com", apitest.Password).Is(http.StatusCreated)
}

func TestChangingTheAddressTooLate(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	carl := w.SignUp(t, "carl")
	askChange(carl, "new@example.com").Is(http.StatusAccepted)
	link := w.LinkTo(t, carl.Email, user.ToChangeAddress)
	w.Clock.Move(24*time.Hour + time.Second)
	change(carl, link).Problem(http.StatusConflict, "link_expired")
}

func TestProfile(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	carl := w.SignUp(t, "carl")
	patch := func(body string) apitest.Answer {
		return carl.Send(http.MethodPatch, "/v1/me", []byte(body), "Content-Type", "application/json")
	}
	var me struct {
		Name     string
		TimeZone string `json:"time_zone"`
		Language string
	}
	patch(`{"name":"Karl","time_zone":"Europe/Berlin","language":"de-AT"}`).Is(http.StatusOK).Read(&me)
	require.Equal(t, "Karl Europe/Berlin de-AT", me.Name+" "+me.TimeZone+" "+me.Language)
	patch(`{"language":""}`).Is(http.StatusOK)
	patch(`{}`).Is(http.StatusOK)
	me.Language = ""
	carl.Get("/v1/me").Is(http.StatusOK).Read(&me)
	require.Equal(t, "Karl Europe/Berlin ", me.Name+" "+me.TimeZone+" "+me.Language)
	patch(`{"name":"two\nlines"}`).Problem(http.StatusUnprocessableEntity, "malformed_name")
	patch(`{"time_zone":"../etc"}`).Problem(http.StatusUnprocessableEntity, "malformed_zone")
	patch(`{"language":"English"}`).Problem(http.StatusUnprocessableEntity, "malformed_language")
	require.Equal(t, []string{
		"user.registered.v1", "user.address_verified.v1", "user.profile_changed.v1", "user.profile_changed.v1",
	}, happened(w, t, carl.Email))
}
