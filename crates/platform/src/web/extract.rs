use axum::{
    Json,
    extract::{
        FromRequest, FromRequestParts, RawPathParams, Request,
        path::ErrorKind,
        rejection::{JsonRejection, PathRejection},
    },
    http::{StatusCode, Uri, request::Parts},
};
use kernel::{Problem, ProblemKind};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{WebError, parameters::LONGEST_NAME};

/// The query string, parsed as `T`. Responds with a problem if it is invalid.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

/// The parameters of the path, parsed as `T`. Responds with a problem if they are invalid.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

/// The JSON body of a request, parsed as `T`. Responds with a problem if it is invalid.
#[derive(Clone, Copy, Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        let read = Json::<Box<RawValue>>::from_request(request, state).await;
        let Json(raw) = read.map_err(|error| of_body(&error))?;
        // A derived reader would also take a list of the values of an object.
        if raw.get().starts_with('[') {
            let detail = "The body cannot be read: it must be an object. See /docs/api for the expected format.";
            return Err(malformed("BAD_BODY", detail.to_owned()));
        }
        match Json::from_bytes(raw.get().as_bytes()) {
            Ok(Json(body)) => Ok(Self(body)),
            Err(error) => Err(of_body(&error).into()),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        match axum::extract::Query::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(error) => {
                let detail = of_query(&parts.uri, &error.body_text());
                Err(malformed("BAD_QUERY", detail))
            }
        }
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(path)) => Ok(Self(path)),
            Err(error) => {
                let names = RawPathParams::from_request_parts(parts, state).await;
                Err(malformed("BAD_PATH", of_path(error, names.ok().as_ref())))
            }
        }
    }
}

fn malformed(code: &'static str, detail: String) -> WebError {
    Problem::new(ProblemKind::Malformed, code, detail).into()
}

fn of_body(error: &JsonRejection) -> Problem {
    if matches!(error, JsonRejection::MissingJsonContentType(_)) {
        let detail = "Set the content type to application/json.";
        return Problem::new(ProblemKind::UnsupportedType, "UNSUPPORTED_MEDIA_TYPE", detail);
    }
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let detail = "The body is too large. Send a smaller one.";
        return Problem::new(ProblemKind::TooLarge, "TOO_LARGE", detail);
    }
    let text = error.body_text();
    let cause = text.split_once(": ").map_or(&*text, |(_, cause)| cause);
    if let Some(problem) = unknown_field(cause) {
        return problem;
    }
    let detail =
        format!("The body cannot be read: {cause}. See /docs/api for the expected format.");
    Problem::new(ProblemKind::Malformed, "BAD_BODY", detail)
}

/// Describes a field that the body cannot have, if the parser's error is about one: "keys.x: unknown field `x`, expected
/// one of `auth`, `p256dh` at line 1 column 9".
#[must_use]
pub fn unknown_field(cause: &str) -> Option<Problem> {
    let (path, rest) = cause.split_once("unknown field `")?;
    let (name, rest) = rest.split_once("`, expected ")?;
    let path = path.trim_end_matches(": ");
    let name = match path {
        "" => name.to_owned(),
        path if path.rsplit('.').next() == Some(name) => path.to_owned(),
        path => format!("{path}.{name}"),
    };
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    let detail = format!(
        "Unknown field '{name}': the known fields are {}. Correct or remove it.",
        known.join(", ")
    );
    Some(Problem::new(ProblemKind::Malformed, "UNKNOWN_FIELD", detail))
}

/// The accepted values of parameters that are not text.
const WHOLE_NUMBER: &str = "use a whole number, such as 20, that fits in 64 bits";

/// Describes an error of the query. `text` is the parser's: "Failed to deserialize query string: limit: invalid
/// digit".
fn of_query(uri: &Uri, text: &str) -> String {
    let cause = text.split_once(": ").map_or(text, |(_, cause)| cause);
    if let Some(name) = cause.split('`').nth(1)
        && cause.contains("duplicate field")
    {
        return format!("{name} is set more than once. Set it once.");
    }
    let name = cause.split_once(": ").map_or(cause, |(name, _)| name);
    let all = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
    let all = all.map(|query| query.0).unwrap_or_default();
    match all.iter().find(|(known, _)| known == name) {
        Some((_, value)) if cause.contains("`true` or `false`") => {
            format!("{name} is '{value}': use true or false.")
        }
        Some((_, value)) => format!("{name} is '{value}': {WHOLE_NUMBER}."),
        None => "The query string cannot be read. Use NAME=VALUE&NAME=VALUE.".to_owned(),
    }
}

fn of_path(error: PathRejection, names: Option<&RawPathParams>) -> String {
    let name_at = |index| names.and_then(|names| Some(names.iter().nth(index)?.0.to_owned()));
    let kind = match error {
        PathRejection::FailedToDeserializePathParams(error) => error.into_kind(),
        _ => return "The URL cannot be read. Check it.".to_owned(),
    };
    match kind {
        ErrorKind::ParseErrorAtIndex { index, value, .. } => {
            let name = name_at(index).unwrap_or_else(|| format!("part {}", index + 1));
            format!("{name} is '{value}': {WHOLE_NUMBER}.")
        }
        ErrorKind::ParseErrorAtKey { key, value, .. } => {
            format!("{key} is '{value}': {WHOLE_NUMBER}.")
        }
        ErrorKind::ParseError { value, .. } => format!("'{value}' is invalid: {WHOLE_NUMBER}."),
        ErrorKind::InvalidUtf8InPathParam { key } => {
            format!("{key} is not valid UTF-8. Percent-encode it as UTF-8.")
        }
        _ => "The URL cannot be read. Check it.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[serde(rename = "name")]
        _name: String,
        #[serde(rename = "inner")]
        _inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[serde(rename = "size")]
        _size: i64,
    }

    async fn refuses(body: &'static str) -> Problem {
        let request = Request::builder().header("content-type", "application/json");
        let request = request.body(body.into()).expect("a request");
        let refused = Body::<Outer>::from_request(request, &()).await;
        refused.expect_err("refused").into_problem()
    }

    #[tokio::test]
    async fn an_unknown_field_is_named_with_the_known_ones() {
        for (body, detail) in [
            (
                r#"{ "name": "a", "nmae": "b" }"#,
                "Unknown field 'nmae': the known fields are name, inner. Correct or remove it.",
            ),
            (
                r#"{ "name": "a", "inner": { "size": 1, "colour": 2 } }"#,
                "Unknown field 'inner.colour': the known fields are size. Correct or remove it.",
            ),
        ] {
            let problem = refuses(body).await;
            assert_eq!((problem.code, &*problem.detail), ("UNKNOWN_FIELD", detail));
        }
        assert_eq!(refuses(r#"{ "name": 1 }"#).await.code, "BAD_BODY");
    }
}
