package wordpress_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
)

// The bodies are those of a WordPress 6.1.
func TestClassify(t *testing.T) {
	t.Parallel()
	c := connect(t, wire.Options{})
	body := func(status int, code string) networks.Answer {
		return networks.Answer{Call: networks.CallPublish, Status: status, Header: http.Header{"Retry-After": {"7"}}, Body: fmt.Appendf(nil,
			`{"code":%q,"message":"Sorry.","data":{"status":%d}}`, code, status)}
	}
	forbidden := func(status int) networks.Answer {
		return networks.Answer{Call: networks.CallPrepare, Status: 400, Body: fmt.Appendf(nil, `{"code":"rest_invalid_param",
			"message":"Invalid parameter(s): status","data":{"status":400,"params":{"status":"Status is forbidden."},
			"details":{"status":{"code":"rest_forbidden_status","message":"Status is forbidden.","data":{"status":%d}}}}}`, status)}
	}
	of := func(call networks.Call, a networks.Answer) networks.Answer {
		a.Call = call
		return a
	}
	for name, test := range map[string]struct {
		answer networks.Answer
		want   networks.FailureKind
	}{
		"bad password, read":    {body(401, "rest_not_logged_in"), networks.Reauth},
		"bad password, write":   {body(401, "rest_cannot_create"), networks.Reauth},
		"bad password, publish": {body(401, "rest_cannot_edit"), networks.Reauth},
		"newer":                 {body(401, "incorrect_password"), networks.Reauth},
		"lost role":             {body(403, "rest_cannot_publish"), networks.NoPermission},
		"another's post":        {body(403, "rest_cannot_edit_others"), networks.NoPermission},
		"subscriber":            {body(403, "rest_cannot_create"), networks.NoPermission},
		"no such author":        {body(400, "rest_invalid_author"), networks.NoPermission},
		"empty":                 {body(400, "empty_content"), networks.Rejected},
		"parameter":             {body(400, "rest_invalid_param"), networks.Rejected},
		"drafts, not signed in": {forbidden(401), networks.Reauth},
		"drafts of others":      {forbidden(403), networks.NoPermission},
		"no such post":          {body(404, "rest_post_invalid_id"), networks.Rejected},
		"no route":              {body(404, "rest_no_route"), networks.Rejected},
		"file, uploading":       {of(networks.CallPrepare, body(500, "rest_upload_sideload_error")), networks.Rejected},
		"file, elsewhere":       {body(500, "rest_upload_sideload_error"), networks.Ambiguous},
		"database":              {body(500, "db_update_error"), networks.Ambiguous},
		"database, preparing":   {of(networks.CallPrepare, body(500, "db_insert_error")), networks.Unavailable},
		"an unknown code":       {body(400, "plugin_says_no"), networks.Ambiguous},
		"slow down":             {networks.Answer{Call: networks.CallPublish, Status: 429, Body: []byte("<html>"), Header: http.Header{}}, networks.RateLimited},
		"bare 401 (R45)":        {networks.Answer{Call: networks.CallPublish, Status: 401}, networks.Ambiguous},
		"bare 403":              {networks.Answer{Call: networks.CallRead, Status: 403, Body: []byte("<html>firewall")}, networks.Unavailable},
		"redirect":              {networks.Answer{Call: networks.CallPublish, Status: 302}, networks.Ambiguous},
		"maintenance":           {networks.Answer{Call: networks.CallRead, Status: 503}, networks.Unavailable},
		"nothing left":          {networks.Answer{Call: networks.CallPublish, Err: errors.New("x")}, networks.NotSent},
	} {
		failure := c.Classify(test.answer)
		require.NotNil(t, failure, name)
		require.Equal(t, test.want, failure.Kind, name)
		require.NotEmpty(t, failure.Detail, name)
		away := test.answer.Status >= 500 && len(test.answer.Header) > 0 && failure.Kind != networks.Rejected
		require.Equal(t, failure.Kind == networks.RateLimited || away, failure.RetryAfter > 0, name)
	}
	require.Equal(t, 7*time.Second, c.Classify(body(429, "too_many")).RetryAfter)
	require.Nil(t, c.Classify(networks.Answer{Call: networks.CallPublish, Status: 201}))
}
