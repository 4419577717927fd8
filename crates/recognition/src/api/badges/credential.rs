use axum::{
    Extension,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use identity::access::SignedIn;
use kernel::Problem;
use platform::{
    Context,
    web::{Path, WebError},
};
use ui::Community;

use crate::{
    Programmes,
    actions::{Issuer, sign_credential},
};

/// Returns an Open Badges 3.0 credential of one of your own badges, signed by this server, to keep or to show elsewhere.
/// `/.well-known/jwks.json` has the public key.
#[utoipa::path(
    get,
    path = "/api/v1/people/{login}/badges/{slug}/credential",
    operation_id = "get_badge_credential",
    tag = "Badges",
    responses(
        (status = 200, description = "The credential as a JSON Web Token (EdDSA)", body = String, content_type = "application/jwt"),
        (status = 404, description = "The login is not yours, or you do not have the badge")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn credential(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Extension(community): Extension<Community>,
    SignedIn(viewer): SignedIn,
    Path((login, slug)): Path<(String, String)>,
) -> Result<Response, WebError> {
    if !login.eq_ignore_ascii_case(&viewer.login) {
        let detail = "You can only download credentials of your own badges.";
        return Err(Problem::not_found(detail).into());
    }
    let issuer = Issuer { site: &community.site, name: &community.name };
    let person = (viewer.user_id, viewer.login.as_str());
    let token = sign_credential(&context, programmes, issuer, person, &slug).await?;
    let name = format!("attachment; filename=\"{slug}.jwt\"");
    let mut response = token.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/jwt"));
    if let Ok(disposition) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}
