use crate::{module::ProblemCode, web::SIGN_IN_REQUIRED};

/// The codes of problems that the platform itself responds with.
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new(
        "URL_TOO_LONG",
        "the URL is too long",
        "Send fewer or shorter query parameters.",
    ),
    ProblemCode::new(
        "BAD_BODY",
        "the request body is malformed",
        "Send the body that the operation's description shows.",
    ),
    ProblemCode::new(
        "BAD_CURSOR",
        "the cursor is not one that this list returned",
        "Start again without a cursor, and pass each `next_cursor` unchanged.",
    ),
    ProblemCode::new(
        "BAD_HOST",
        "the request has no `Host` header, or several",
        "Send exactly one `Host` header.",
    ),
    ProblemCode::new(
        "BAD_IDEMPOTENCY_KEY",
        "the `Idempotency-Key` is invalid",
        "Send a key of 1 to 255 visible ASCII characters, such as a UUID.",
    ),
    ProblemCode::new(
        "BAD_LIMIT",
        "the limit is out of range",
        "Send a `limit` between 1 and 100, or none.",
    ),
    ProblemCode::new(
        "BAD_PATH",
        "the path is malformed",
        "Percent-encode the path as UTF-8, and write numbers as digits.",
    ),
    ProblemCode::new(
        "BAD_PERCENTAGE",
        "the percentage is not between 0 and 100",
        "Send a percentage between 0 and 100.",
    ),
    ProblemCode::new(
        "BAD_PUSH_ENDPOINT",
        "the endpoint of the push subscription is not allowed",
        "Send the subscription as the browser's push service returned it.",
    ),
    ProblemCode::new(
        "BAD_PUSH_KEYS",
        "the keys of the push subscription are invalid",
        "Send the keys as the browser's `PushSubscription.toJSON()` returns them.",
    ),
    ProblemCode::new(
        "BAD_QUERY",
        "a query parameter is invalid",
        "Correct the parameter that `detail` names.",
    ),
    ProblemCode::new(
        "BAD_SLUG",
        "the slug is not valid, or is `new`",
        "Use lowercase letters, digits and single hyphens, at most 100 characters.",
    ),
    ProblemCode::new(
        "BAD_WEBHOOK_DESCRIPTION",
        "the description of the webhook is too long or has several lines",
        "Send one line of at most 100 characters.",
    ),
    ProblemCode::new(
        "BAD_WEBHOOK_URL",
        "the URL of the webhook is not allowed",
        "Send an `https` URL on the public internet with at most 2,000 characters, without a user name or password.",
    ),
    ProblemCode::new(
        "BODY_TOO_SLOW",
        "the request body was not received in time",
        "Send the body over a faster connection.",
    ),
    ProblemCode::new(
        "DISK_FULL",
        "the server's disk is full",
        "Ask the administrator to free space on the disk, then try again.",
    ),
    ProblemCode::new(
        "DATABASE_UNAVAILABLE",
        "the server cannot use its database",
        "Wait the number of seconds in `Retry-After`, then try again. If it continues, ask the administrator to check the database.",
    ),
    ProblemCode::new(
        "PARTIAL_ROLLOUT_NOT_ALLOWED",
        "the flag can only be on or off for everyone",
        "Turn the flag on or off, without a percentage, people or roles.",
    ),
    ProblemCode::new(
        "FLAG_NOT_FOUND",
        "no flag has this name",
        "Use a name that `GET /api/v1/admin/flags` lists.",
    ),
    ProblemCode::new(
        "HEADERS_TOO_LARGE",
        "the headers are too large",
        "Send fewer headers, or delete cookies of this site.",
    ),
    ProblemCode::new(
        "IDEMPOTENCY_RESPONSE_LOST",
        "the request with this `Idempotency-Key` was completed, but its response was lost",
        "Read the resource to see the result. Do not send the request again.",
    ),
    ProblemCode::new(
        "IDEMPOTENCY_KEY_IN_USE",
        "a request with this `Idempotency-Key` is in progress",
        "Send the same request again in a moment.",
    ),
    ProblemCode::new(
        "IDEMPOTENCY_KEY_REUSED",
        "this `Idempotency-Key` was used for another request",
        "Use a new key for each different request.",
    ),
    ProblemCode::new(
        "INTERNAL",
        "an internal error occurred and was logged",
        "Try again. If it happens again, send the administrator the request's `X-Request-Id`.",
    ),
    ProblemCode::new(
        "METHOD_NOT_ALLOWED",
        "the path does not support the method; `Allow` lists those it supports",
        "Use a method that the `Allow` header lists.",
    ),
    ProblemCode::new(
        "NEEDS_SLUG",
        "the name has no letters or digits to derive a slug from",
        "Set `slug`.",
    ),
    ProblemCode::new(
        "NOT_A_DEAD_LETTER",
        "the delivery or message did not fail",
        "Read its current state. Only failed deliveries and messages can be retried.",
    ),
    ProblemCode::new(
        "NOT_FOUND",
        "the resource does not exist",
        "Check the path. Sign in if only some people can see it.",
    ),
    ProblemCode::new(
        "UNSUPPORTED_MEDIA_TYPE",
        "the content type is not application/json",
        "Send JSON with `Content-Type: application/json`.",
    ),
    ProblemCode::new("REASON_REQUIRED", "a reason is required", "Send a `reason`."),
    ProblemCode::new(
        "REASON_TOO_LONG",
        "the reason is longer than 2,000 characters",
        "Shorten the reason.",
    ),
    ProblemCode::new(
        SIGN_IN_REQUIRED,
        "you are not signed in",
        "Sign in, or send a token in the `Authorization` header.",
    ),
    ProblemCode::new(
        "SLUG_TAKEN",
        "another object of the kind has the slug",
        "Choose a different slug.",
    ),
    ProblemCode::new(
        "TOO_BUSY",
        "the server is busy",
        "Wait the number of seconds in `Retry-After`, then try again.",
    ),
    ProblemCode::new("TOO_LARGE", "the request body is too large", "Send a smaller body."),
    ProblemCode::new(
        "TOO_MANY_BROWSERS",
        "you have registered the maximum number of browsers",
        "Remove a browser that you no longer use.",
    ),
    ProblemCode::new(
        "TOO_MANY_TESTS",
        "you have sent the maximum number of test events per hour",
        "Try again in an hour.",
    ),
    ProblemCode::new(
        "TOO_MANY_WEBHOOKS",
        "you have the maximum number of webhooks",
        "Delete one, then try again.",
    ),
    ProblemCode::new(
        "TOO_MANY_REQUESTS",
        "too many requests in the last minute",
        "Wait the number of seconds in `Retry-After`, and send requests less often.",
    ),
    ProblemCode::new(
        "TOO_SLOW",
        "the request took too long",
        "Wait the number of seconds in `Retry-After`, then try again.",
    ),
    ProblemCode::new(
        "UNKNOWN_FIELD",
        "the request body has an unknown field",
        "Correct or remove the field that `detail` names.",
    ),
    ProblemCode::new(
        "UNKNOWN_PARAMETER",
        "a query parameter is unknown",
        "Correct or remove the parameter that `detail` names.",
    ),
    ProblemCode::new(
        "WEBHOOK_DISABLED",
        "the webhook is disabled",
        "Enable it with `POST /api/v1/me/webhooks/{id}/enable`.",
    ),
];
