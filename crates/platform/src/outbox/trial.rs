//! Sending one email at once, to try a mail server before its settings are saved.

use std::time::Duration;

use kernel::{Problem, ProblemKind};
use secrecy::SecretString;

use super::{
    Message, Smtp,
    channel::PATIENCE,
    rules::word,
    smtp::{Failure, FailureKind},
};

/// How long a trial may take.
pub const TRIAL_LASTS: Duration = PATIENCE;

/// Sends an email through the mail server at `url`, called `host`, with the sender `from`.
///
/// # Errors
/// When the server does not take it. The problem has the server's words.
pub async fn try_mail(
    (url, host): (&SecretString, &str),
    from: &str,
    message: &Message,
) -> Result<(), Problem> {
    let Some(smtp) = Smtp::new(url, String::new(), from) else {
        return Err(not_sent(format!("The address of {host} or of the sender is not valid.")));
    };
    let sent = tokio::time::timeout(PATIENCE, smtp.attempt(message)).await;
    match sent {
        Ok(Ok(())) => Ok(()),
        Ok(Err(failure)) => Err(not_sent(sentence(host, &failure))),
        Err(_) => Err(not_sent(format!(
            "{host} did not respond within {} seconds. Is the port right, and open to this server?",
            PATIENCE.as_secs()
        ))),
    }
}

fn sentence(host: &str, failure: &Failure) -> String {
    let said = word(&failure.said);
    match failure.kind {
        FailureKind::Credentials => format!(
            "{host} refused the password. It said: “{said}”. User name and password are often those of a mailbox."
        ),
        FailureKind::Refused => format!("{host} refused the email. It said: “{said}”."),
        FailureKind::Encryption => format!(
            "{host} offers no encryption that this server trusts ({said}). Use port 465 or 587, and the name that its certificate has."
        ),
        FailureKind::Unreachable => {
            format!("{host} cannot be reached ({said}). Check the name and the port.")
        }
        FailureKind::Unsuitable => format!("{host} cannot be used like this ({said})."),
        FailureKind::Unwritable => format!("The email cannot be written: {said}."),
    }
}

fn not_sent(detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "EMAIL_NOT_SENT", detail)
}
