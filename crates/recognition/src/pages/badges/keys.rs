use axum::{Extension, Json, extract::State};
use platform::{Context, web::WebError};
use serde_json::{Value, json};
use ui::Community;

use crate::{reads, rules::badges::revocation_list};

/// `GET /.well-known/jwks.json`: the public key that credentials of badges are signed with (RFC 7517).
pub(super) async fn keys(
    State(context): State<Context>,
    Extension(community): Extension<Community>,
) -> Result<Json<Value>, WebError> {
    let key = reads::credential_key(&context.db, &community.site).await?;
    let keys: Vec<Value> = key.into_iter().collect();
    Ok(Json(json!({ "keys": keys })))
}

/// `GET /badges/revocations.json`: the credentials of badges that were revoked.
pub(super) async fn revocations(
    State(context): State<Context>,
    Extension(community): Extension<Community>,
) -> Result<Json<Value>, WebError> {
    let revoked = reads::revoked_awards(&context.db).await?;
    Ok(Json(revocation_list(&community.site, revoked)))
}
