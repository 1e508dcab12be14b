package sandbox_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/sandbox/network/api"
	"behalf/internal/networks/wire"
)

// Every error that the network documents, and what it must mean for a publish call.
func TestDocumentedErrors(t *testing.T) {
	t.Parallel()
	c := connect(t, "http://127.0.0.1:1", wire.Options{})
	special := map[string]networks.FailureKind{
		"invalid_token":      networks.Reauth,
		"insufficient_scope": networks.NoPermission,
		"not_admin":          networks.NoPermission,
		"unknown_identity":   networks.NoPermission,
		"page_not_found":     networks.Gone,
		"key_conflict":       networks.Duplicate,
		"rate_limited":       networks.RateLimited,
		"internal_error":     networks.Ambiguous,
		"unavailable":        networks.Ambiguous,
	}
	for _, e := range api.Errors() {
		want, named := special[e.Code]
		if !named {
			want = networks.Rejected
		}
		failure := c.Classify(networks.Answer{
			Call: networks.CallPublish, Sent: true, Status: e.Status, Header: http.Header{},
			Body: fmt.Appendf(nil, `{"error":{"code":%q,"message":"m"}}`, e.Code),
		})
		require.Equal(t, want, failure.Kind, e.Code)
		require.NotEmpty(t, failure.Detail, e.Code)
	}
}

func TestClassify(t *testing.T) {
	t.Parallel()
	c := connect(t, "http://127.0.0.1:1", wire.Options{})
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		answer networks.Answer
		want   networks.FailureKind
	}{
		"nothing left":                {networks.Answer{Call: networks.CallPublish, Err: broken}, networks.NotSent},
		"no answer":                   {networks.Answer{Call: networks.CallPublish, Err: broken, Sent: true}, networks.Ambiguous},
		"half a success":              {networks.Answer{Call: networks.CallPublish, Err: broken, Status: 201}, networks.Ambiguous},
		"read without answer":         {networks.Answer{Call: networks.CallRead, Err: broken, Sent: true}, networks.Unavailable},
		"bare 401 (R45)":              {networks.Answer{Call: networks.CallPublish, Status: 401}, networks.Ambiguous},
		"bare 401 on a read (R45)":    {networks.Answer{Call: networks.CallRead, Status: 401}, networks.Unavailable},
		"a proxy's page":              {networks.Answer{Call: networks.CallRead, Status: 403, Body: []byte("<html>")}, networks.Unavailable},
		"redirect":                    {networks.Answer{Call: networks.CallPublish, Status: 302}, networks.Ambiguous},
		"500 that claims a code":      {networks.Answer{Call: networks.CallPublish, Status: 500, Body: []byte(`{"error":{"code":"invalid_token"}}`)}, networks.Ambiguous},
		"refresh refused":             {networks.Answer{Call: networks.CallRefresh, Status: 400, Body: []byte(`{"error":"invalid_grant"}`)}, networks.Reauth},
		"client refused":              {networks.Answer{Call: networks.CallRefresh, Status: 401, Body: []byte(`{"error":"invalid_client"}`)}, networks.Misconfigured},
		"a token's error on the API":  {networks.Answer{Call: networks.CallRead, Status: 400, Body: []byte(`{"error":"invalid_grant"}`)}, networks.Unavailable},
		"no such post, without proof": {networks.Answer{Call: networks.CallRead, Status: 404}, networks.Unavailable},
	} {
		require.Equal(t, test.want, c.Classify(test.answer).Kind, name)
	}
	require.Nil(t, c.Classify(networks.Answer{Call: networks.CallPublish, Status: 200}))
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	c := connect(t, "http://127.0.0.1:1", wire.Options{})
	for value, want := range map[string]time.Duration{
		"7": 7 * time.Second, "": time.Minute, "soon": time.Minute, "-3": time.Minute, "99999999": 24 * time.Hour,
	} {
		failure := c.Classify(networks.Answer{
			Call: networks.CallPublish, Status: 429, Header: http.Header{"Retry-After": {value}},
			Body: []byte(`{"error":{"code":"rate_limited"}}`),
		})
		require.Equal(t, want, failure.RetryAfter, value)
	}
}
