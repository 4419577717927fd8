use platform::module::ProblemCode;

/// Codes of problems, and when they are answered.
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new("BAD_END", "the end lies not ahead, or more than a century"),
    ProblemCode::new("BAD_LIFETIME", "a token cannot last so long or so short"),
    ProblemCode::new("BAD_NAME", "a token cannot be named so"),
    ProblemCode::new(
        "BANNED",
        "who is signed in is banned; the sentence says why and until when",
    ),
    ProblemCode::new(
        "DEAD_LINK",
        "the mailed link is used, too old or another session's",
    ),
    ProblemCode::new("EMAIL_IS_YOURS", "the address is verified as yours already"),
    ProblemCode::new("EMAIL_TAKEN", "the address is verified as somebody else's"),
    ProblemCode::new(
        "EXPORT_TOO_OFTEN",
        "an export was asked for within the hour",
    ),
    ProblemCode::new("JOB_NOT_FOUND", "there is no job of this name"),
    ProblemCode::new("LAST_ADMIN", "the server would have no admin left"),
    ProblemCode::new(
        "LAST_MAINTAINER",
        "the project would have no maintainer left",
    ),
    ProblemCode::new("LAST_WAY_IN", "the person would have no way in left"),
    ProblemCode::new(
        "MAINTAINER_REQUIRED",
        "this is open to the project's maintainers",
    ),
    ProblemCode::new("MAIL_NOT_SET_UP", "this server cannot send mail"),
    ProblemCode::new("NOT_AN_EMAIL", "it is no address of e-mail"),
    ProblemCode::new(
        "NOT_A_MAINTAINER",
        "the person does not maintain the project",
    ),
    ProblemCode::new("NOT_BANNED", "there is no ban to lift"),
    ProblemCode::new(
        "NOT_CONFIRMED",
        "the word that confirms it is not the right one",
    ),
    ProblemCode::new("NO_SUCH_SCOPE", "there is no such scope, or none is given"),
    ProblemCode::new(
        "NO_SUCH_TIMEZONE",
        "the time zone database has no such name",
    ),
    ProblemCode::new("NO_SUCH_ROLE", "there is no such role"),
    ProblemCode::new(
        "OTHER_SITE",
        "with a session's cookie, a change must be asked for from this site",
    ),
    ProblemCode::new("OWN_BAN", "nobody bans themselves"),
    ProblemCode::new("OWN_ROLE", "nobody changes their own role"),
    ProblemCode::new("PERSON_NOT_FOUND", "nobody has the login"),
    ProblemCode::new("ROLE_REQUIRED", "this is open to people with a higher role"),
    ProblemCode::new(
        "SCOPE_REQUIRED",
        "the token lacks the scope that the sentence names",
    ),
    ProblemCode::new(
        "SESSION_REQUIRED",
        "no token may do this: it takes a browser's session",
    ),
    ProblemCode::new(
        "SIGN_IN_AGAIN",
        "it takes a sign-in of less than an hour ago",
    ),
    ProblemCode::new("TOKEN_EXPIRED", "the token is past its end"),
    ProblemCode::new(
        "TOKEN_INVALID",
        "the token is none of this server, or was revoked",
    ),
    ProblemCode::new(
        "TOKEN_REUSED",
        "the refresh token was used before: its sign-in is ended",
    ),
    ProblemCode::new(
        "TOO_MANY_LETTERS",
        "several letters are on their way to you already",
    ),
    ProblemCode::new(
        "TOO_MUCH_IN_FLIGHT",
        "too many deliveries at once; send it again",
    ),
    ProblemCode::new("TOO_MANY_TOKENS", "one has fifty tokens already"),
];
