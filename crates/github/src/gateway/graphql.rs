use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Api, ApiError, Call, answer::shown};
use crate::rules::payload;

/// A response of the GraphQL API.
#[derive(Deserialize)]
struct Response<T> {
    data: Option<T>,
    #[serde(default)]
    errors: Vec<Problem>,
}

#[derive(Deserialize)]
struct Problem {
    r#type: Option<String>,
    #[serde(default)]
    message: String,
}

impl Api {
    /// Sends a query with variables.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses the query or a part of it, or a limit is reached.
    pub(super) async fn query<T: DeserializeOwned>(
        &self,
        call: Call<'_>,
        query: &str,
        variables: Value,
    ) -> Result<T, ApiError> {
        self.ask_query(call, query, variables, read).await
    }

    /// Sends a query of several parts. A part that GitHub does not find is null in the result.
    ///
    /// # Errors
    /// Like [`Api::query`].
    pub(super) async fn query_parts<T: DeserializeOwned>(
        &self,
        call: Call<'_>,
        query: &str,
        variables: Value,
    ) -> Result<T, ApiError> {
        self.ask_query(call, query, variables, read_parts).await
    }

    async fn ask_query<T>(
        &self,
        call: Call<'_>,
        query: &str,
        variables: Value,
        read: fn(&[u8]) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let body = serde_json::json!({ "query": query, "variables": variables });
        let answer = self.post_query(call, &body).await?;
        let read = read(&answer.body);
        if matches!(read, Err(ApiError::Limited(_))) {
            // A limit is stated here with the status of a success.
            let now = call.context.now();
            let stated = crate::rules::quota::StatedQuota { status: 429, ..answer.stated };
            let wait = stated.refusal(now).unwrap_or_default();
            self.pause(now + wait);
            return Err(ApiError::Limited(wait));
        }
        read
    }
}

/// Reads a response. A part of the data beside an error is not used: it would look like a complete page.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let response: Response<T> =
        payload::read(body).map_err(|error| ApiError::Unexpected(error.to_string()))?;
    match (response.errors.first(), response.data) {
        (None, Some(data)) => Ok(data),
        (None, None) => Err(ApiError::Unexpected("it has no data".to_owned())),
        (Some(problem), _) => Err(problem.error()),
    }
}

/// Reads a response of several parts. An error that a part was not found is stated by its null.
fn read_parts<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let response: Response<T> =
        payload::read(body).map_err(|error| ApiError::Unexpected(error.to_string()))?;
    let mut errors = response.errors.iter().map(Problem::error);
    match errors.find(|error| !matches!(error, ApiError::NotFound)) {
        Some(error) => Err(error),
        None => response.data.ok_or(ApiError::NotFound),
    }
}

impl Problem {
    fn error(&self) -> ApiError {
        match self.r#type.as_deref() {
            Some("NOT_FOUND") => ApiError::NotFound,
            Some("RATE_LIMITED" | "RATE_LIMIT") => ApiError::Limited(std::time::Duration::ZERO),
            // GitHub names no type when it gives up on a query.
            None if self.message.starts_with("Something went wrong") => ApiError::TooMuch,
            Some("RESOURCE_LIMITS_EXCEEDED" | "MAX_NODE_LIMIT_EXCEEDED") => ApiError::TooMuch,
            _ => ApiError::Refused { status: 200, message: shown(&self.message) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_distinguished() {
        let refused =
            |message: &str| ApiError::Refused { status: 200, message: message.to_owned() };
        for (body, expected) in [
            (r#"{"data":7}"#, Ok(7)),
            (
                r#"{"data":null,"errors":[{"type":"NOT_FOUND","message":"Could not resolve"}]}"#,
                Err(ApiError::NotFound),
            ),
            (
                r#"{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}"#,
                Err(ApiError::Limited(std::time::Duration::ZERO)),
            ),
            (
                r#"{"data":7,"errors":[{"message":"Something went wrong while executing your query."}]}"#,
                Err(ApiError::TooMuch),
            ),
            (
                r#"{"errors":[{"message":"Field 'x' doesn't exist on type 'Query'"}]}"#,
                Err(refused("Field 'x' doesn't exist on type 'Query'")),
            ),
            (r#"{}"#, Err(ApiError::Unexpected("it has no data".to_owned()))),
        ] {
            assert_eq!(read::<i64>(body.as_bytes()), expected, "{body}");
        }
        let part = r#"{"data":7,"errors":[{"type":"NOT_FOUND","message":"Could not resolve"}]}"#;
        assert_eq!(read_parts::<i64>(part.as_bytes()), Ok(7));
        assert_eq!(read::<i64>(part.as_bytes()), Err(ApiError::NotFound));
        let limited = r#"{"data":7,"errors":[{"type":"NOT_FOUND"},{"type":"RATE_LIMITED"}]}"#;
        let expected = Err(ApiError::Limited(std::time::Duration::ZERO));
        assert_eq!(read_parts::<i64>(limited.as_bytes()), expected);
        let unreadable = read::<i64>(br#"{"data":"seven"}"#).expect_err("refused");
        assert!(unreadable.to_string().contains("data"), "{unreadable}");
    }
}
