package command_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

const canary = "canary-submitted-secret"

// The table of bad input: a precise answer, nothing stored, nothing repeated.
func TestBadInput(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	invite := "InviteClient"
	valid := `"email":"c@example.com","access":{"add_accounts":false,"manage_posts":false}`
	before := events(t, team)
	for name, input := range map[string]struct {
		command, body, kind string
		status              int
		code, location      string
	}{
		"malformed":      {invite, `{"email":"` + canary, "", 400, "malformed_json", ""},
		"two values":     {invite, `{` + valid + `} {}`, "", 400, "malformed_json", ""},
		"not UTF-8":      {invite, `{"email":"` + canary + "\xff\"}", "", 400, "malformed_json", ""},
		"empty":          {invite, ``, "", 400, "bad_request", ""},
		"a list":         {invite, `["` + canary + `"]`, "", 422, "invalid", "body"},
		"unknown field":  {invite, `{` + valid + `,"colour":"` + canary + `"}`, "", 422, "invalid", "colour"},
		"other case":     {invite, `{` + valid + `,"EMAIL":"` + canary + `"}`, "", 422, "invalid", "EMAIL"},
		"hidden field":   {invite, `{` + valid + `,"Person":"` + canary + `"}`, "", 422, "invalid", "Person"},
		"deep unknown":   {invite, `{` + valid + `,"assignments":[{"account":"` + team.Account + `","x":1}]}`, "", 422, "invalid", "assignments[0].x"},
		"wrong type":     {invite, `{"email":["` + canary + `"],"access":{"add_accounts":false,"manage_posts":false}}`, "", 422, "invalid", "email"},
		"null":           {invite, `{"email":null,"access":{"add_accounts":false,"manage_posts":false}}`, "", 422, "invalid", "email"},
		"missing":        {invite, `{"email":"c@example.com"}`, "", 422, "invalid", "body"},
		"over-long":      {invite, `{"email":"` + canary + strings.Repeat("a", 300) + `","access":{"add_accounts":false,"manage_posts":false}}`, "", 422, "invalid", "email"},
		"no address":     {invite, `{"email":"` + canary + `","access":{"add_accounts":false,"manage_posts":false}}`, "", 422, "malformed_email", "email"},
		"foreign id":     {invite, `{` + valid + `,"assignments":[{"account":"acc_` + strings.Repeat("9", 32) + `"}]}`, "", 422, "unknown_account", "assignments[0].account"},
		"malformed id":   {invite, `{` + valid + `,"assignments":[{"account":"` + canary + `"}]}`, "", 422, "invalid", "assignments[0].account"},
		"id of nothing":  {invite, `{` + valid + `,"assignments":[{"account":"acc_` + strings.Repeat("0", 32) + `"}]}`, "", 422, "invalid", "body"},
		"other kind":     {invite, `{` + valid + `,"assignments":[{"account":"ws_` + strings.Repeat("1", 32) + `"}]}`, "", 422, "invalid", "assignments[0].account"},
		"not in list":    {"ChangeCredentialMode", `{"member":"usr_` + strings.Repeat("1", 32) + `","account":"` + team.Account + `","mode":"` + canary + `"}`, "", 422, "invalid", "mode"},
		"NUL":            {"PublishPost", `{"text":"` + canary + `\u0000","targets":[{"account":"` + team.Account + `"}]}`, "", 422, "invalid", "body"},
		"no moment":      {"SchedulePost", `{"text":"x","targets":[{"account":"` + team.Account + `"}],"at":"` + canary + `"}`, "", 422, "invalid", "at"},
		"nothing":        {"PublishPost", `{}`, "", 422, "malformed_targets", "targets"},
		"nothing to be":  {"SchedulePost", `{"at":"2030-01-01T00:00:00Z"}`, "", 422, "malformed_targets", "targets"},
		"an empty id":    {"PublishPost", `{"post":""}`, "", 422, "invalid", "post"},
		"no id":          {"DeletePost", `{}`, "", 422, "invalid", "body"},
		"nobody":         {"GrantAuditor", `{}`, "", 422, "name_one", "member"},
		"no text":        {"PublishPost", `{"text":"","targets":[{"account":"` + team.Account + `"}]}`, "", 422, "malformed_text", "text"},
		"form":           {invite, `email=` + canary, "application/x-www-form-urlencoded", 415, "unsupported_media_type", "header.Content-Type"},
		"other charset":  {invite, `{` + valid + `}`, "application/json; charset=latin1", 415, "unsupported_media_type", "header.Content-Type"},
		"too large":      {invite, `{"email":"` + strings.Repeat("a", 1<<20) + `"}`, "", 413, "body_too_large", ""},
		"unknown":        {"NoSuchCommand", `{}`, "", 404, "unknown_command", ""},
		"a system's":     {"ClaimTarget", `{}`, "", 404, "unknown_command", ""},
		"a flow's":       {"Register", `{}`, "", 404, "unknown_command", ""},
		"deeply nested":  {invite, strings.Repeat("[", 20_000), "", 400, "malformed_json", ""},
		"literal escape": {"PublishPost", `{"text":"","targets":[],"x":"\\u0000"}`, "", 422, "invalid", "targets"},
	} {
		kind := input.kind
		if kind == "" {
			kind = "application/json; charset=utf-8"
		}
		answer := team.Olivia.Send(http.MethodPost, "/v1/workspaces/"+team.Workspace+"/commands/"+input.command,
			[]byte(input.body), "Content-Type", kind)
		require.Equal(t, input.status, answer.Status, "%s: %s", name, answer.Body)
		problem := answer.Problem(input.status, input.code)
		if input.location != "" {
			require.NotEmpty(t, problem.Errors, name)
			require.Equal(t, input.location, problem.Errors[0].Location, name)
			require.NotEmpty(t, problem.Errors[0].Message)
		}
		require.NotContains(t, string(answer.Body), canary, name)
	}
	require.Equal(t, before, events(t, team), "nothing was stored")
	require.NotContains(t, team.Logs.String(), canary)
}

func events(t *testing.T, team *apitest.Team) (count int) {
	t.Helper()
	require.NoError(t, team.Admin.QueryRow(t.Context(), `
		select (select count(*) from log.events) + (select count(*) from log.commands) + (select count(*) from signin.people)`).Scan(&count))
	return count
}

// A problem names at most twenty places, however many there are.
func TestManyFaults(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	var body strings.Builder
	body.WriteString(`{"email":"c@example.com","access":{"add_accounts":false,"manage_posts":false},"assignments":[`)
	body.WriteString(strings.TrimSuffix(strings.Repeat(`{"account":1},`, 900), ","))
	body.WriteString(`]}`)
	answer := team.Olivia.Send(http.MethodPost, "/v1/workspaces/"+team.Workspace+"/commands/InviteClient",
		[]byte(body.String()), "Content-Type", "application/json")
	require.Len(t, answer.Problem(http.StatusUnprocessableEntity, "invalid").Errors, 20)
}
