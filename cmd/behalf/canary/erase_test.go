package canary_test

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/dev"
	"behalf/cmd/behalf/process"
	"behalf/cmd/behalf/program"
	"behalf/cmd/behalf/sitetest"
	"behalf/cmd/behalf/story"
	"behalf/domain"
	"behalf/internal/masterkey"
	"behalf/internal/networks/sandbox/network"
)

// quirina is a person whom one recognises anywhere.
var quirina = story.Person{
	Name: "Quirina Zweigestirn", Email: "Quirina.Canary.4711@Example.NET", Password: "quirinas own password",
}

// quirinasAddress is where her requests come from.
const quirinasAddress = "127.83.219.47"

// fromHer is a transport whose connections come from her address.
func fromHer() *http.Transport {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(quirinasAddress)}}
	return &http.Transport{DialContext: dialer.DialContext}
}

// TestErasedPersonIsNowhere lets Quirina be invited, accept, post and be
// erased, and then looks for her in a whole dump of the database, in all that
// was ever said to Redis, in the logs, in mails, and in what others are shown
// (R66); while the history still reads, and rebuilds.
func TestErasedPersonIsNowhere(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), sitetest.TestTime)
	defer cancel()
	variables := sitetest.Variables(t)
	variables["BEHALF_LOG_LEVEL"] = "debug"
	overheard, printed := monitor(ctx, t, variables["REDIS_URL"]), &sitetest.Buffer{}
	w := house{sitetest.OpenWorld(ctx, t, variables, printed, dev.Options{})}
	olivia := story.NewVisitor(w.Addresses.API, nil)
	transport := fromHer()
	defer transport.CloseIdleConnections()
	her := story.NewVisitor(w.Addresses.API, transport)
	workspace, person := w.withQuirina(ctx, t, olivia, her)

	before := dump(ctx, t, variables["DATABASE_URL"])
	require.Contains(t, before, w.indexedAs(t, quirina.Email), "the index of addresses finds her")
	require.NotContains(t, before, quirina.Email, "even before she is erased nothing says who she is")
	told, err := w.RunAudit(ctx, "log", "--workspace", workspace)
	require.NoError(t, err)
	require.Contains(t, told, quirina.Email)

	member := time.Now().UTC().Format(time.RFC3339Nano)
	require.NoError(t, her.Call(ctx, http.MethodDelete, "/v1/me", nil, map[string]string{"password": quirina.Password}, nil))
	var refused *story.Problem
	require.ErrorAs(t, her.Get(ctx, "/v1/me", nil), &refused)
	require.EqualValues(t, http.StatusUnauthorized, refused.Status)
	sitetest.HasLeft(ctx, t, olivia, workspace, person)

	told, err = w.RunAudit(ctx, "log", "--workspace", workspace)
	require.NoError(t, err)
	require.Contains(t, told, "erased person")
	shown, err := w.RunAudit(ctx, "show", "--workspace", workspace, "--as-of", member)
	require.NoError(t, err)
	require.Contains(t, shown, "client: erased person")
	after := dump(ctx, t, variables["DATABASE_URL"])
	require.Contains(t, after, person, "that there was somebody stays in the history")
	places := map[string]string{
		"the database": after, "Redis": overheard.String(), "the logs": printed.String(),
		"the audit": told + shown, "mails": w.allMails(), "the members": sitetest.Texts(ctx, t, olivia, "/v1/workspaces/"+workspace+"/members"),
		"the invitations": sitetest.Texts(ctx, t, olivia, "/v1/workspaces/"+workspace+"/invitations"),
	}
	for place, content := range places {
		require.NotEmpty(t, content, place)
		for _, trace := range w.tracesOf(t) {
			found := strings.Contains(strings.ToLower(content), strings.ToLower(trace))
			require.False(t, found, "%q is in %s", trace, place) // without printing all of it
		}
	}
	for _, view := range []string{"people", "invitations"} { // what is sealed for good is no obstacle
		problems := &sitetest.Buffer{}
		env := process.Environment{Lookup: sitetest.Among(variables), Out: problems, Err: problems}
		require.Zero(t, program.Run(ctx, []string{"project", "rebuild", view}, env), "%s", problems)
	}
	require.Contains(t, sitetest.Texts(ctx, t, olivia, "/v1/workspaces/"+workspace+"/invitations"), "erased person")
}

// withQuirina has Olivia invite her, and her accept and publish.
func (w house) withQuirina(ctx context.Context, t *testing.T, olivia, her *story.Visitor) (workspace, person string) {
	t.Helper()
	stage := w.Stage()
	_, err := olivia.SignUp(ctx, stage.Olivia, stage.Mail)
	require.NoError(t, err)
	var created struct{ Workspace string }
	require.NoError(t, olivia.Post(ctx, "/v1/workspaces", map[string]string{"name": "Acme"}, &created))
	connected, err := olivia.Connect(ctx, created.Workspace, network.DemoPage, stage.Olivia)
	require.NoError(t, err)
	var added struct{ Account string }
	require.NoError(t, connected.Event("workspace.account_added.v1", &added))
	_, err = olivia.Command(ctx, created.Workspace, "InviteClient", "invite-quirina-0001", map[string]any{
		"email": quirina.Email, "access": map[string]bool{"add_accounts": false, "manage_posts": true},
		"assignments": []map[string]string{{"account": added.Account, "credential_mode": "owner"}},
	})
	require.NoError(t, err)
	mail, err := w.AwaitMail(ctx, quirina.Email, "/v1/invitations/")
	require.NoError(t, err)
	_, token, _ := strings.Cut(mail.Text, "/v1/invitations/")
	token = strings.Fields(token)[0]
	user, err := her.SignUpInvited(ctx, quirina, token)
	require.NoError(t, err)
	_, err = her.Command(ctx, created.Workspace, "AcceptInvitation", "", map[string]string{"token": token})
	require.NoError(t, err)
	done, err := her.Command(ctx, created.Workspace, "PublishPost", "", map[string]any{
		"text": "Hello", "targets": []map[string]string{{"account": added.Account}},
	})
	require.NoError(t, err)
	require.NotEmpty(t, done.Events)
	var id domain.UserID
	require.NoError(t, id.UnmarshalText([]byte(user)))
	return created.Workspace, user
}

// indexedAs is how the index of addresses has one, in hexadecimal digits.
func (w house) indexedAs(t *testing.T, email string) string {
	t.Helper()
	master, err := w.MasterKey()
	require.NoError(t, err)
	key := masterkey.Derive(master, process.IndexOfAddresses)
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(strings.ToLower(email)))
	return hex.EncodeToString(mac.Sum(nil))
}

// tracesOf is everything that would tell of Quirina: her words as they are, in
// hexadecimal digits and in base64 wherever they begin, and hashes of her address.
func (w house) tracesOf(t *testing.T) []string {
	t.Helper()
	traces := []string{w.indexedAs(t, quirina.Email)}
	for _, says := range []string{quirina.Email, strings.ToLower(quirina.Email), "canary.4711", quirina.Name, "Zweigestirn", quirinasAddress} {
		traces = append(traces, says, hex.EncodeToString([]byte(says)))
		for shift := range 3 { // the first and last characters depend on what is around
			encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + says))
			traces = append(traces, encoded[4:len(encoded)-4])
		}
	}
	for _, email := range []string{quirina.Email, strings.ToLower(quirina.Email)} {
		small, old := md5.Sum([]byte(email)), sha1.Sum([]byte(email))
		medium, large := sha256.Sum256([]byte(email)), sha512.Sum512([]byte(email))
		for _, hash := range [][]byte{small[:], old[:], medium[:], large[:]} {
			traces = append(traces, hex.EncodeToString(hash), base64.RawStdEncoding.EncodeToString(hash))
		}
	}
	return traces
}

func (w house) allMails() string {
	text := &strings.Builder{}
	text.WriteString("mails\n")
	for _, mail := range w.Mails.Messages() {
		text.Write(mail.Raw)
		text.WriteString(mail.Text + strings.Join(mail.To, " "))
	}
	return text.String()
}
