use axum::{Extension, Json, extract::State, http::StatusCode};
use kernel::Timestamp;
use platform::{
    Context,
    web::{Body, Path, WebError},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use ui::Community;
use utoipa::ToSchema;

use crate::{
    access::{InPerson, ProvenAdmin, SignedIn},
    actions,
    model::Factor,
    reads,
    rules::{factor_uri, secret_text},
};

/// Your second factor.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SecondFactor, example = json!({
    "confirmed_at": "2026-11-01T08:00:00Z", "recovery_codes_left": 10, "is_proven": true, "is_required": false
}))]
pub(super) struct FactorView {
    /// When you set it up. Null when you have none.
    #[schema(value_type = Option<String>, format = DateTime)]
    confirmed_at: Option<Timestamp>,
    /// The number of recovery codes that you have not used.
    recovery_codes_left: i64,
    /// True when this session or token has proven it.
    is_proven: bool,
    /// True when your role requires a second factor and you have none.
    is_required: bool,
}

/// The secret of a second factor that waits for its first code.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    "uri": "otpauth://totp/Guildhall:wren-oak?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Guildhall"
}))]
pub(super) struct FactorSecret {
    /// The secret in base 32: codes have 6 digits, change every 30 seconds and use SHA-1.
    secret: String,
    /// The URI that authenticator apps read from a QR code.
    uri: String,
}

/// A code of your second factor.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "code": "287082" }))]
pub(super) struct FactorCode {
    /// The six digits that your app shows, or a recovery code.
    #[schema(max_length = 40)]
    code: String,
}

/// Your new recovery codes. They are shown only once.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "recovery_codes": ["01234-56789-01234-56789"] }))]
pub(super) struct RecoveryCodes {
    /// The ten codes, each of which replaces a code of the app once.
    recovery_codes: Vec<String>,
}

impl RecoveryCodes {
    fn of(codes: &[SecretString]) -> Json<Self> {
        let codes = codes.iter().map(|code| code.expose_secret().to_owned());
        Json(Self { recovery_codes: codes.collect() })
    }
}

/// Returns the state of your second factor.
#[utoipa::path(
    get,
    path = "/api/v1/me/second-factor",
    operation_id = "get_second_factor",
    tag = "Your account",
    responses(
        (status = 200, description = "The state of your second factor", body = FactorView),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn state(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<FactorView>, WebError> {
    let factor = reads::second_factor(&context.db, viewer.user_id).await?;
    Ok(Json(FactorView {
        confirmed_at: factor.map(|factor| factor.confirmed_at),
        recovery_codes_left: factor.map_or(0, |factor| factor.codes_left),
        is_proven: viewer.factor == Factor::Proven,
        is_required: viewer.factor == Factor::Missing,
    }))
}

/// Begins to set up a second factor. It counts after you confirm it with a code. Requires that you signed in within the last
/// hour.
#[utoipa::path(
    post,
    path = "/api/v1/me/second-factor",
    operation_id = "begin_second_factor",
    tag = "Your account",
    responses(
        (status = 200, description = "The secret for your app", body = FactorSecret),
        (status = 409, description = "You already have a second factor"),
    ),
    security(("session" = []))
)]
pub(super) async fn begin(
    State(context): State<Context>,
    Extension(community): Extension<Community>,
    InPerson(viewer): InPerson,
) -> Result<Json<FactorSecret>, WebError> {
    let secret = actions::begin_second_factor(&context, &viewer).await?;
    Ok(Json(FactorSecret {
        secret: secret_text(&secret),
        uri: factor_uri(&secret, &community.name, &viewer.login),
    }))
}

/// Confirms a new second factor with its first code. Only this response contains the recovery codes. Requires that you signed
/// in within the last hour.
#[utoipa::path(
    post,
    path = "/api/v1/me/second-factor/confirm",
    operation_id = "confirm_second_factor",
    tag = "Your account",
    request_body = FactorCode,
    responses(
        (status = 200, description = "The second factor is set up", body = RecoveryCodes),
        (status = 409, description = "No second factor waits for its first code"),
        (status = 422, description = "The code is wrong")
    ),
    security(("session" = []))
)]
pub(super) async fn confirm(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Body(shown): Body<FactorCode>,
) -> Result<Json<RecoveryCodes>, WebError> {
    let codes = actions::confirm_second_factor(&context, &viewer, &shown.code).await?;
    Ok(RecoveryCodes::of(&codes))
}

/// Replaces your recovery codes. Only this response contains the new ones. Requires that you signed in within the last hour.
#[utoipa::path(
    post,
    path = "/api/v1/me/second-factor/recovery-codes",
    operation_id = "renew_recovery_codes",
    tag = "Your account",
    request_body = FactorCode,
    responses(
        (status = 200, description = "Your new recovery codes", body = RecoveryCodes),
        (status = 409, description = "You have no second factor, or the server cannot decrypt it"),
        (status = 422, description = "The code is wrong")
    ),
    security(("session" = []))
)]
pub(super) async fn renew(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Body(shown): Body<FactorCode>,
) -> Result<Json<RecoveryCodes>, WebError> {
    let codes = actions::renew_recovery_codes(&context, &viewer, &shown.code).await?;
    Ok(RecoveryCodes::of(&codes))
}

/// Removes your second factor. Requires that you signed in within the last hour.
#[utoipa::path(
    post,
    path = "/api/v1/me/second-factor/remove",
    operation_id = "remove_second_factor",
    tag = "Your account",
    request_body = FactorCode,
    responses(
        (status = 204, description = "The second factor is removed"),
        (status = 409, description = "You have no second factor, or the server cannot decrypt it"),
        (status = 422, description = "The code is wrong")
    ),
    security(("session" = []))
)]
pub(super) async fn remove(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Body(shown): Body<FactorCode>,
) -> Result<StatusCode, WebError> {
    actions::remove_second_factor(&context, &viewer, &shown.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Proves your second factor for this session. Tokens and apps that you create from it afterward count as proven too.
#[utoipa::path(
    post,
    path = "/api/v1/auth/second-factor",
    operation_id = "prove_second_factor",
    tag = "Your account",
    request_body = FactorCode,
    responses(
        (status = 204, description = "The second factor is proven"),
        (status = 409, description = "You have no second factor, or the server cannot decrypt it"),
        (status = 422, description = "The code is wrong")
    ),
    security(("session" = []))
)]
pub(super) async fn prove(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Body(shown): Body<FactorCode>,
) -> Result<StatusCode, WebError> {
    actions::prove_second_factor(&context, &viewer, &shown.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Resets the second factor of a person who lost it. You must have proven your own. The person is notified.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/people/{login}/second-factor",
    operation_id = "reset_second_factor",
    tag = "Admin",
    responses(
        (status = 204, description = "The person has no second factor anymore"),
        (status = 409, description = "The person has no second factor, or is you"),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn reset(
    State(context): State<Context>,
    ProvenAdmin(viewer): ProvenAdmin,
    Path(login): Path<String>,
) -> Result<StatusCode, WebError> {
    actions::reset_second_factor(&context, viewer.actor(), &login).await?;
    Ok(StatusCode::NO_CONTENT)
}
