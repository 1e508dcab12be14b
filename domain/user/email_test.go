package user_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/user"
)

func TestEmailCheckAccepts(t *testing.T) {
	t.Parallel()
	for _, address := range []user.Email{
		"carl@example.com",
		"Carl.O'Neil+behalf@Sub.Example.co.uk",
		"用户@例子.广告",
		user.Email(strings.Repeat("a", 254-len("@example.com")) + "@example.com"),
	} {
		require.NoError(t, address.Check("email"), "%q", address)
	}
}

func TestEmailCheckRefuses(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]user.Email{
		"empty":            "",
		"no at":            "carl.example.com",
		"no local part":    "@example.com",
		"no domain":        "carl@",
		"with a name":      "Carl <carl@example.com>",
		"in brackets":      "<carl@example.com>",
		"two addresses":    "carl@example.com, eve@example.com",
		"with a comment":   "carl@example.com (Carl)",
		"space before":     " carl@example.com",
		"header injected":  "carl@example.com\r\nBcc: eve@example.com",
		"nul":              "carl@example.com\x00",
		"not UTF-8":        "carl\xff@example.com",
		"Kelvin sign":      "\u212aarl@example.com",
		"dotted capital I": "\u0130vy@example.com",
		"255 characters":   user.Email(strings.Repeat("a", 255-len("@example.com")) + "@example.com"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var refusal *domain.Refusal
			require.ErrorAs(t, address.Check("members[2].email"), &refusal)
			require.Equal(t, domain.Invalid, refusal.Kind)
			require.Equal(t, "malformed_email", refusal.Code)
			require.Equal(t, "members[2].email", refusal.Field)
			if address != "" {
				require.NotContains(t, refusal.Error(), string(address), "what was sent is not repeated")
			}
		})
	}
}

func TestEmailNormal(t *testing.T) {
	t.Parallel()
	require.Equal(t, "carl@example.com", user.Email("Carl@Example.COM").Normal())
	require.Equal(t, user.Email("CARL@example.com").Normal(), user.Email(" carl@EXAMPLE.com ").Normal())
	require.NotEqual(t, user.Email("carl+a@example.com").Normal(), user.Email("carl@example.com").Normal())
}
