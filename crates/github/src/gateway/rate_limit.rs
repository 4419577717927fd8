use kernel::Timestamp;
use serde::Deserialize;

use super::{Api, ApiError, Call, Read};

/// A limit on requests, and what is left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct RateLimit {
    /// The requests in a period.
    pub limit: i64,
    /// The requests that are left of them.
    pub remaining: i64,
    /// The end of the period.
    #[serde(rename = "reset", with = "chrono::serde::ts_seconds")]
    pub resets_at: Timestamp,
}

/// The limits of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct RateLimits {
    /// That of the REST API.
    pub core: RateLimit,
    pub search: RateLimit,
    /// That of queries.
    pub graphql: Option<RateLimit>,
}

#[derive(Deserialize)]
struct StatedLimits {
    resources: RateLimits,
}

impl Api {
    /// Asks for the limits of the token. This counts toward none of them.
    ///
    /// # Errors
    /// When GitHub does not respond, or refuses.
    pub async fn rate_limits(&self, call: Call<'_>) -> Result<RateLimits, ApiError> {
        let read: Read<StatedLimits> = self.get(call, "/rate_limit", None).await?;
        match read {
            Read::Changed(stated, _) => Ok(stated.resources),
            Read::Unchanged => Err(ApiError::Unexpected("it has no limits".to_owned())),
        }
    }
}
