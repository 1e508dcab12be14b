package wordpress

import (
	"encoding/json"
	"net/http"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
)

const ourMistake = "The WordPress site does not understand this version of Behalf."

// documented are the errors of the REST API that prove that nothing was done,
// by their code. The codes about rights (authority) are read by status instead:
// WordPress gives the same one for "not signed in" (401) and for "may not" (403).
var documented = map[string]outcome.Meaning{
	"empty_content":               {Kind: networks.Rejected, Detail: "The post is empty."},
	"rest_invalid_param":          {Kind: networks.Rejected, Detail: ourMistake},
	"rest_missing_callback_param": {Kind: networks.Rejected, Detail: ourMistake},
	"rest_invalid_json":           {Kind: networks.Rejected, Detail: ourMistake},
	"rest_invalid_author":         {Kind: networks.NoPermission, Detail: "The site does not have this author."},
	"rest_invalid_featured_media": {Kind: networks.Rejected, Detail: "The site no longer has the picture."},
	"rest_post_invalid_id":        {Kind: networks.Rejected, Detail: "The site no longer has this post."},
	"rest_already_trashed":        {Kind: networks.Rejected, Detail: "The post is in the site's trash already."},
	"rest_trash_not_supported":    {Kind: networks.Rejected, Detail: "The site has no trash."},
	"rest_no_route":               {Kind: networks.Rejected, Detail: "The site does not let its REST API be used."},
	"rest_upload_file_too_big":    {Kind: networks.Rejected, Detail: "The site does not take a file of this size."},
	"rest_upload_limited_space":   {Kind: networks.Rejected, Detail: "The site has no space left."},
	"rest_upload_no_data":         {Kind: networks.Rejected, Detail: "The file is empty."},
	"rest_upload_hash_mismatch":   {Kind: networks.Rejected, Detail: "The file arrived damaged."},
	// 500 in spite of its meaning: the type of the file, or what is in it, is not taken.
	"rest_upload_sideload_error":     {Kind: networks.Rejected, Detail: "The site does not take this kind of file."},
	"rest_upload_unknown_error":      {Kind: networks.Rejected, Detail: "The site could not keep the file."},
	"application_passwords_disabled": {Kind: networks.Rejected, Detail: "The site does not allow application passwords."},
}

// authority are the codes about who asks (rest_authorization_required_code in
// WordPress: 401 for somebody who is not signed in, 403 for everybody else).
var authority = map[string]bool{
	"rest_not_logged_in": true, "rest_forbidden": true, "rest_forbidden_context": true, "rest_forbidden_status": true,
	"rest_cannot_create": true, "rest_cannot_edit": true, "rest_cannot_edit_others": true, "rest_cannot_publish": true,
	"rest_cannot_delete": true, "rest_cannot_read": true, "rest_cannot_view": true, "rest_user_cannot_view": true,
	"rest_forbidden_who": true,
	"rest_cannot_introspect_app_password_for_non_authenticated_user": true,
	"rest_cannot_delete_application_password":                        true, "rest_cannot_read_application_password": true,
	"rest_upload_user_quota_exceeded": false, // named, because it looks like one
	// Since WordPress 5.6 for the password itself.
	"incorrect_password": true, "invalid_username": true, "invalid_email": true,
}

// Classify implements networks.Connector. It goes by the body: a status alone
// proves little, since hosts and firewalls stand in front of sites.
func (c *Connector) Classify(a networks.Answer) *networks.Failure {
	if a.Err != nil {
		return outcome.Unanswered(title, a)
	}
	if a.Status >= 200 && a.Status < 300 {
		return nil
	}
	said := errorOf(a)
	switch {
	case authority[said.Code] && said.Status == http.StatusUnauthorized:
		return outcome.Meaning{
			Kind: networks.Reauth, Detail: "The WordPress site no longer accepts this connection. Connect the account again.",
		}.Failure(said.Code)
	case authority[said.Code] && said.Status == http.StatusForbidden:
		return outcome.Meaning{
			Kind: networks.NoPermission, Detail: "On the WordPress site, this person may not do this.",
		}.Failure(said.Code)
	case a.Status == http.StatusTooManyRequests:
		failure := outcome.Meaning{
			Kind: networks.RateLimited, Detail: "The WordPress site asks to wait before the next call.",
		}.Failure("rate_limited")
		failure.RetryAfter, failure.Scope = outcome.Wait(a.Header), networks.ScopeHost
		return failure
	case a.Status == http.StatusRequestEntityTooLarge: // the web server's, before WordPress saw anything
		return documented["rest_upload_file_too_big"].Failure("too_large")
	}
	meaning, known := documented[said.Code]
	uploading := a.Call == networks.CallPrepare // of what is broken at the site, only refused files are documented as 500
	if !known || a.Status >= 500 && !uploading && said.Code != "rest_trash_not_supported" && said.Code != "application_passwords_disabled" {
		return outcome.Undocumented(title, a)
	}
	return meaning.Failure(said.Code)
}

// said is an error, and the status that belongs to it.
type said struct {
	Code   string
	Status int
}

// errorOf reads an error. What is wrong with a parameter may be who asks: a list of
// drafts is refused as rest_invalid_param, 400, and says in its details that it is
// rest_forbidden_status, 401 (has_valid_params in class-wp-rest-request.php; seen
// on WordPress 6.1).
func errorOf(a networks.Answer) said {
	var body struct {
		Code string `json:"code"`
		Data struct {
			Details map[string]struct {
				Code string `json:"code"`
				Data struct {
					Status int `json:"status"`
				} `json:"data"`
			} `json:"details"`
		} `json:"data"`
	}
	_ = json.Unmarshal(a.Body, &body)
	if body.Code == "rest_invalid_param" {
		for _, one := range body.Data.Details {
			if authority[one.Code] {
				return said{one.Code, one.Data.Status}
			}
		}
	}
	return said{body.Code, a.Status}
}
