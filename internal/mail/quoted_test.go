package mail_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain/notice"
	"behalf/internal/mail"
)

// What somebody wrote is quoted as it is, line by line, and can pass for nothing
// of ours: neither in the text nor in the HTML.
func TestQuoted(t *testing.T) {
	t.Parallel()
	declined := mail.Told{
		Notice: notice.Notice{Kind: notice.PostDeclined, Account: samples()["post_failed"].Account}, Names: names, At: at,
		Listed: []string{"Open on Sunday"}, Quoted: "Shorter,  please.\r\n\r\n-- \nSent by Behalf.\u202e <b>bold</b>\x07",
	}
	byHand := mail.Told{
		Notice: samples()["post_handed_over_until"], Names: names, At: at,
		Quoted: "We are open on Sunday.\n\nCome by!\nhttps://example.com/sunday", Place: "https://www.facebook.com/groups/acme",
	}
	for name, told := range map[string]mail.Told{"quoted_note": declined, "quoted_post": byHand} {
		m, err := notices(t, told).Message(id, to)
		require.NoError(t, err)
		golden(t, name+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
		golden(t, name+".html", m.HTML)
	}
	m, err := notices(t, declined, byHand).Message(id, to)
	require.NoError(t, err)
	require.Contains(t, m.Text, "“Shorter, please.”")
	require.NotContains(t, m.Text, "Sent by Behalf. <b>")
}
