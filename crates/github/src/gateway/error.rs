use std::time::Duration;

use platform::jobs::Failure;

/// The reason that a request to GitHub's API has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// A limit is reached. It ends after this time.
    #[error("GitHub's limit on requests is reached; the next request is possible in {} s", .0.as_secs())]
    Limited(Duration),
    /// GitHub does not respond, or fails.
    #[error("GitHub does not respond ({0})")]
    Unavailable(String),
    /// GitHub gave up, or its response is too large: a smaller page may succeed.
    #[error("GitHub could not answer so much at once")]
    TooMuch,
    /// The token is not valid.
    #[error(
        "GitHub rejected the token: create a new one, and save it at Settings › GitHub (/setup/github) or set GITHUB_API_TOKEN"
    )]
    BadToken,
    /// GitHub does not accept the App's own token.
    #[error(
        "GitHub rejected the GitHub App: check Settings › GitHub (/setup/github) or GUILDHALL_GITHUB_APP_ID and \
         GUILDHALL_GITHUB_APP_PRIVATE_KEY, and the clock of this machine"
    )]
    BadApp,
    /// The installation of the App is suspended.
    #[error("the installation of the GitHub App is suspended")]
    Suspended,
    /// The installation of the App was deleted.
    #[error("the GitHub App is no longer installed")]
    NotInstalled,
    /// An organization requires single sign-on, which the person begins at this URL; it is empty if GitHub states none.
    #[error("an organization requires single sign-on: authorize this server at {0}")]
    SingleSignOn(String),
    /// It does not exist, or the token may not see it.
    #[error("GitHub knows no such repository, or the token may not see it")]
    NotFound,
    /// GitHub refused, with its message.
    #[error("GitHub refused the request ({status}): {message}")]
    Refused {
        status: u16,
        /// GitHub's message.
        message: String,
    },
    /// A field of the response has an unexpected type.
    #[error("GitHub's response cannot be read: {0}")]
    Unexpected(String),
}

/// How long to wait while GitHub fails.
const OUTAGE: Duration = Duration::from_secs(60);

/// How long to wait after a rejected token, which only an operator can replace.
const UNTIL_REPLACED: Duration = Duration::from_secs(15 * 60);

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let reason = error.to_string();
        match error {
            ApiError::Limited(wait) => Self::Later(reason, wait),
            ApiError::BadToken
            | ApiError::BadApp
            | ApiError::Suspended
            | ApiError::NotInstalled => Self::Later(reason, UNTIL_REPLACED),
            ApiError::Unavailable(_) | ApiError::TooMuch => Self::Later(reason, OUTAGE),
            ApiError::SingleSignOn(_) => Self::Later(reason, UNTIL_REPLACED),
            ApiError::NotFound | ApiError::Refused { .. } | ApiError::Unexpected(_) => {
                Self::Fail(reason)
            }
        }
    }
}
