use crate::{module::ProblemCode, web::SIGN_IN_REQUIRED};

/// The codes of problems that the platform itself responds with.
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new("URL_TOO_LONG", "the URL is too long"),
    ProblemCode::new("BAD_BODY", "the request body is malformed"),
    ProblemCode::new(
        "BAD_CURSOR",
        "the cursor is invalid; use a `next_cursor` of this list",
    ),
    ProblemCode::new("BAD_HOST", "the request has no `Host` header, or several"),
    ProblemCode::new("BAD_IDEMPOTENCY_KEY", "the `Idempotency-Key` is invalid"),
    ProblemCode::new("BAD_LIMIT", "the limit is out of range"),
    ProblemCode::new("BAD_PATH", "the path is malformed"),
    ProblemCode::new("BAD_PERCENTAGE", "the percentage is not between 0 and 100"),
    ProblemCode::new(
        "BAD_PUSH_ENDPOINT",
        "the endpoint of the push subscription is not allowed",
    ),
    ProblemCode::new(
        "BAD_PUSH_KEYS",
        "the keys of the push subscription are invalid",
    ),
    ProblemCode::new("BAD_QUERY", "a query parameter is invalid"),
    ProblemCode::new("BODY_TOO_SLOW", "the request body was not received in time"),
    ProblemCode::new(
        "DATABASE_UNAVAILABLE",
        "the server cannot reach its database; try again later",
    ),
    ProblemCode::new("DISK_FULL", "the server's disk is full; try again later"),
    ProblemCode::new(
        "PARTIAL_ROLLOUT_NOT_ALLOWED",
        "the flag can only be on or off for everyone",
    ),
    ProblemCode::new("FLAG_NOT_FOUND", "no flag has this name"),
    ProblemCode::new("HEADERS_TOO_LARGE", "the headers are too large"),
    ProblemCode::new(
        "IDEMPOTENCY_RESPONSE_LOST",
        "the request with this `Idempotency-Key` was completed, but its response was lost",
    ),
    ProblemCode::new(
        "IDEMPOTENCY_KEY_IN_USE",
        "a request with this `Idempotency-Key` is in progress; try again in a moment",
    ),
    ProblemCode::new(
        "IDEMPOTENCY_KEY_REUSED",
        "this `Idempotency-Key` was used for another request",
    ),
    ProblemCode::new("INTERNAL", "an internal error, which was logged"),
    ProblemCode::new(
        "METHOD_NOT_ALLOWED",
        "the path does not support the method; `Allow` lists those it supports",
    ),
    ProblemCode::new(
        "NOT_A_DEAD_LETTER",
        "the delivery or message is not a dead letter",
    ),
    ProblemCode::new("NOT_FOUND", "it does not exist, or you cannot see it"),
    ProblemCode::new(
        "UNSUPPORTED_MEDIA_TYPE",
        "the content type is not application/json",
    ),
    ProblemCode::new("REASON_REQUIRED", "a reason is required"),
    ProblemCode::new(SIGN_IN_REQUIRED, "you are not signed in"),
    ProblemCode::new("TOO_BUSY", "the server is busy; try again in a moment"),
    ProblemCode::new("TOO_LARGE", "the request body is too large"),
    ProblemCode::new(
        "TOO_MANY_BROWSERS",
        "you have registered the maximum number of browsers",
    ),
    ProblemCode::new(
        "TOO_MANY_REQUESTS",
        "too many requests; `Retry-After` says when to try again",
    ),
    ProblemCode::new("TOO_SLOW", "the request took too long"),
];
