package mail_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/mail"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	planted = "https://behalf.example/invitations/inv_1?key=pl4nted-k3y"
	to      = "carl@example.com"
	id      = "inv_1.1@behalf.example"

	unsubscribe = "https://behalf.example/v1/unsubscribe/t0ken"
)

func link(t *testing.T, address string) mail.Link {
	t.Helper()
	l, err := mail.NewLink(address)
	require.NoError(t, err)
	return l
}

type letter interface {
	Message(id, to string) (mail.Message, error)
}

func invitation(t *testing.T) mail.Invitation {
	return mail.Invitation{
		Workspace: "Acme", Inviter: "Olivia Öström", Role: "client", Link: link(t, planted),
		Expires: time.Date(2026, 12, 1, 16, 30, 0, 0, time.FixedZone("CET", 3600)),
	}
}

func reauthentication(t *testing.T, asked mail.Asked, first bool) mail.Reauthentication {
	return mail.Reauthentication{
		Asked: asked, Workspace: "Acme", Account: "Acme News", Network: "Mastodon", First: first,
		Link: link(t, "https://behalf.example/accounts/acc_1/connect"),
	}
}

func TestLetters(t *testing.T) {
	t.Parallel()
	editor, reminder := invitation(t), invitation(t)
	editor.Role = "editor"
	reminder.Reminder, reminder.Unsubscribe = true, link(t, unsubscribe)
	for name, written := range map[string]letter{
		"invitation":                    invitation(t),
		"invitation_editor":             editor,
		"reminder":                      reminder,
		"reauthentication_owner":        reauthentication(t, mail.AskedOwner, false),
		"reauthentication_owner_first":  reauthentication(t, mail.AskedOwner, true),
		"reauthentication_member":       reauthentication(t, mail.AskedMember, false),
		"reauthentication_member_first": reauthentication(t, mail.AskedMember, true),
		"strange_names": mail.Invitation{
			Workspace: "<script>alert(1)</script>\r\nBcc: eve@example.com", Inviter: "{{.Link}} \u202e\x00& \"Olivia\"",
			Role: "client", Link: link(t, planted), Expires: time.Date(2026, 12, 1, 15, 30, 0, 0, time.UTC),
		},
	} {
		m, err := written.Message(id, to)
		require.NoError(t, err, name)
		golden(t, name+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
		golden(t, name+".html", m.HTML)
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, name)
}

func TestLettersRefused(t *testing.T) {
	t.Parallel()
	whole := invitation(t)
	for _, bad := range []string{
		"", "no-domain", "a@b>\r\nBcc: eve@example.com", "a b@example.com", "<a@example.com>", "a@b@c", "a@example.com\n",
	} {
		_, err := whole.Message(bad, to)
		require.ErrorIs(t, err, mail.ErrMessageID, "%q", bad)
	}
	for _, bad := range []string{
		"", "carl", "Carl <carl@example.com>", "carl@example.com, eve@example.com", "carl@example.com\r\nBcc: eve@example.com",
		"carl@example.com>\r\nRCPT TO:<eve@example.com",
	} {
		_, err := whole.Message(id, bad)
		require.ErrorIs(t, err, mail.ErrRecipient, "%q", bad)
		require.NotContains(t, err.Error(), "carl")
	}
	_, err := mail.Invitation{Workspace: "Acme"}.Message(id, to)
	require.Error(t, err, "no link")
	_, err = mail.Reauthentication{Asked: "everybody", Link: whole.Link}.Message(id, to)
	require.Error(t, err)
}

func TestNewLink(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "/relative", "javascript:alert(1)", "mailto:carl@example.com", "https://", "ht!tp://pl4nted-k3y"} {
		_, err := mail.NewLink(bad)
		require.Error(t, err, "%q", bad)
		require.NotContains(t, err.Error(), "pl4nted-k3y")
	}
	require.Equal(t, planted, link(t, planted).Reveal())
	require.NotContains(t, link(t, "https://example.com/a b\"c").Reveal(), `"`)
}

func TestNothingOfAMailIsPrinted(t *testing.T) {
	t.Parallel()
	whole := invitation(t)
	m, err := whole.Message(id, to)
	require.NoError(t, err)
	type hidden struct{ l mail.Link }
	for _, value := range []any{whole.Link, &whole.Link, whole, &whole, hidden{whole.Link}, m, &m, []mail.Message{m}} {
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("a line", "value", value)
		slog.New(slog.NewTextHandler(&log, nil)).Info("a line", "value", value)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&log, verb+"\n", value)
		}
		require.NotContains(t, log.String(), "pl4nted-k3y")
		require.NotContains(t, log.String(), fmt.Sprintf("%x", "pl4nted-k3y"))
		require.NotContains(t, log.String(), to)
	}
	for _, value := range []any{whole, whole.Link, m} {
		_, err := json.Marshal(value)
		require.Error(t, err)
		require.NotContains(t, err.Error(), "pl4nted-k3y")
	}
}
