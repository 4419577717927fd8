use identity::access::SIGN_IN_REQUIRED;

/// Codes of problems that the API answers with, and when.
pub const CODES: &[(&str, &str)] = &[
    ("ADDRESS_TOO_LONG", "the address is too long"),
    (
        "ALWAYS_SENT",
        "what concerns the security of one's account is always sent",
    ),
    (
        "AMBIGUOUS_NAME",
        "several repositories go by this name: an id says which",
    ),
    ("BAD_BODY", "the body cannot be read"),
    ("BAD_CAP", "more or fewer letters a day than can be chosen"),
    ("BAD_CURSOR", "the cursor was not given out here"),
    ("BAD_END", "the end lies not ahead, or more than a century"),
    ("BAD_HEADER", "a header is too long"),
    ("BAD_HOST", "a request names no host, or several"),
    (
        "BAD_IDEMPOTENCY_KEY",
        "the `Idempotency-Key` cannot be read",
    ),
    ("BAD_LIFETIME", "a token cannot last so long or so short"),
    ("BAD_LIMIT", "more or fewer rows than a list can show"),
    ("BAD_MONTH", "the month is none"),
    ("BAD_NAME", "a token cannot be named so"),
    ("BAD_PATH", "the address cannot be read"),
    ("BAD_PERCENTAGE", "a percentage is not within 0 and 100"),
    (
        "BAD_PUSH_ENDPOINT",
        "a push service at this address is not called",
    ),
    ("BAD_PUSH_KEYS", "the keys of a push subscription are none"),
    ("BAD_QUERY", "what follows the question mark cannot be read"),
    ("BAD_RANK", "the rank is below 1"),
    (
        "BAD_SIGNATURE",
        "the delivery is not signed by the hook's secret",
    ),
    (
        "BANNED",
        "who is signed in is banned; the sentence says why and until when",
    ),
    ("BODY_TOO_SLOW", "the body did not arrive in time"),
    (
        "DEAD_LINK",
        "the mailed link is used, too old or another session's",
    ),
    (
        "DISK_FULL",
        "the house's disk is full; come again when there is room",
    ),
    ("EMAIL_IS_YOURS", "the address is verified as yours already"),
    ("EMAIL_TAKEN", "the address is verified as somebody else's"),
    (
        "EXPORT_TOO_OFTEN",
        "an export was asked for within the hour",
    ),
    ("FLAG_FOR_ALL", "the flag is on or off for everybody"),
    ("FLAG_NOT_FOUND", "there is no flag of this name"),
    ("HEADERS_TOO_LARGE", "the headers are too large"),
    (
        "IDEMPOTENCY_ANSWER_LOST",
        "what was asked with the `Idempotency-Key` was done, and its answer is lost",
    ),
    (
        "IDEMPOTENCY_KEY_IN_USE",
        "a request with the `Idempotency-Key` is under way; come again in a moment",
    ),
    (
        "IDEMPOTENCY_KEY_REUSED",
        "the `Idempotency-Key` came with another request before",
    ),
    ("INTERNAL", "our fault; it was logged"),
    ("JOB_NOT_FOUND", "there is no job of this name"),
    ("LAST_ADMIN", "the house would have no admin left"),
    (
        "LAST_MAINTAINER",
        "the project would have no maintainer left",
    ),
    ("LAST_WAY_IN", "the person would have no way in left"),
    (
        "MAINTAINER_REQUIRED",
        "this is open to the project's maintainers",
    ),
    ("MAIL_NOT_SET_UP", "this house cannot send mail"),
    (
        "METHOD_NOT_ALLOWED",
        "the address does not take the method; `Allow` says which it does",
    ),
    ("MISSING_HEADER", "a header is missing"),
    ("NOT_AN_EMAIL", "it is no address of e-mail"),
    (
        "NOT_A_MAINTAINER",
        "the person does not maintain the project",
    ),
    ("NOT_BANNED", "there is no ban to lift"),
    (
        "NOT_CONFIRMED",
        "the word that confirms it is not the right one",
    ),
    ("NOT_DEAD", "the delivery or message is no dead letter"),
    (
        "NOT_FOUND",
        "there is no such thing, or not for this caller",
    ),
    ("NOT_JSON_TYPE", "the content type is not application/json"),
    (
        "NOT_STORED",
        "the delivery could not be stored; send it again",
    ),
    ("NOT_A_TIME", "it is no time of the day"),
    ("NO_OWN_HOOK", "the repository has no webhook of its own"),
    ("NO_SUCH_KIND", "there is no such kind of news"),
    ("NO_SUCH_MODE", "there is no such way to be told"),
    ("NO_SUCH_SCOPE", "there is no such scope, or none is given"),
    (
        "NO_SUCH_TIMEZONE",
        "the time zone database has no such name",
    ),
    ("NO_SUCH_ROLE", "there is no such role"),
    (
        "OTHER_SITE",
        "with a session's cookie, a change must be asked for from this site",
    ),
    ("OWN_BAN", "nobody bans themselves"),
    ("OWN_ROLE", "nobody changes their own role"),
    ("PERSON_NOT_FOUND", "nobody has the login"),
    ("REASON_REQUIRED", "no reason is given"),
    ("ROLE_REQUIRED", "this is open to people with a higher role"),
    ("SAME_SECRET", "the hook has this secret already"),
    (
        "SCOPE_REQUIRED",
        "the token lacks the scope that the sentence names",
    ),
    (
        "SESSION_REQUIRED",
        "no token may do this: it takes a browser's session",
    ),
    (
        "SIGN_IN_AGAIN",
        "it takes a sign-in of less than an hour ago",
    ),
    (SIGN_IN_REQUIRED, "nobody is signed in"),
    ("TOKEN_EXPIRED", "the token is past its end"),
    (
        "TOKEN_INVALID",
        "the token is none of this house, or was revoked",
    ),
    (
        "TOKEN_REUSED",
        "the refresh token was used before: its sign-in is ended",
    ),
    (
        "TOO_BUSY",
        "too many requests are being answered; come again in a second",
    ),
    ("TOO_LARGE", "the body is too large"),
    (
        "TOO_MANY_BROWSERS",
        "news reaches as many browsers of theirs as it can",
    ),
    (
        "TOO_MANY_LETTERS",
        "several letters are on their way to you already",
    ),
    (
        "TOO_MANY_REQUESTS",
        "too many requests from your address; `Retry-After` says when to come again",
    ),
    (
        "TOO_MUCH_IN_FLIGHT",
        "too many deliveries at once; send it again",
    ),
    ("TOO_MANY_TOKENS", "one has fifty tokens already"),
    ("TOO_SLOW", "the answer took too long and was given up"),
];
