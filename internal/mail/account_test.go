package mail_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/mail"
)

func TestAccountLetters(t *testing.T) {
	t.Parallel()
	expires := time.Date(2026, 12, 1, 15, 30, 0, 0, time.UTC)
	for _, about := range []mail.About{mail.AboutVerifying, mail.AboutChanging, mail.AboutResetting, mail.AboutRepeating} {
		m, err := mail.Account{About: about, Link: link(t, planted), Expires: expires}.Message(id, to)
		require.NoError(t, err, about)
		golden(t, "account_"+string(about)+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
		golden(t, "account_"+string(about)+".html", m.HTML)
	}
	_, err := mail.Account{About: "something else", Link: link(t, planted)}.Message(id, to)
	require.Error(t, err)
	_, err = mail.Account{About: mail.AboutResetting}.Message(id, to)
	require.Error(t, err, "no link")
}
