//! Idempotent requests with `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). A route opts in by
//! listing [`IdempotencyKey`] among its parameters.
//!
//! The key is claimed before the work begins. Every commit of the work marks the claim in the same transaction
//! ([`crate::db::Claim`]), so that it is known whether anything was done even if the process dies before it
//! responds. The response is stored for a day, encrypted.

mod layer;
mod rule;
mod store;
mod tables;

use chrono::TimeDelta;
use kernel::counted;
use utoipa::IntoParams;

pub use layer::Idempotency;
pub use rule::{key, reused};
pub use store::{SEALED, erase, forget};
pub(crate) use tables::migrations;

use crate::jobs::Schedule;

/// How long a response is stored.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// The name of the header.
pub const HEADER: &str = "idempotency-key";

/// The parameter of a route whose work must not be done twice.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IdempotencyKey {
    /// A unique key for the request, such as a UUID. A request that repeats a key within 24 hours is not processed
    /// again: it gets the first response, with `Idempotency-Replayed: true`.
    #[param(
        rename = "Idempotency-Key",
        pattern = r#"^("[!#-~]{1,255}"|[!#-~]{1,255})$"#,
        example = "\"8e03978e-40d5-43dd-bc93-6894a57f9324\""
    )]
    pub key: Option<String>,
}

/// Returns the schedule that deletes stored responses after a day.
#[must_use]
pub fn schedule() -> Schedule {
    Schedule::new("ResponseRetention", "25 * * * *", |context| async move {
        let forgotten = forget(&context, context.now() - KEPT).await?;
        Ok(counted(forgotten, "stored response deleted", "stored responses deleted"))
    })
}
