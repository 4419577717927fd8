//! Sending a message at once, to try a mail server before its settings are saved, or a channel before it is needed.

use std::time::Duration;

use kernel::{Problem, ProblemKind, Timestamp};
use secrecy::SecretString;
use uuid::Uuid;

use super::{
    Channels, EMAIL, Email, EmailTemplate, Frame, Message, Post, Refusal, Sample, Smtp,
    TemplateError,
    channel::PATIENCE,
    rules::word,
    smtp::{Failure, FailureKind},
};
use crate::Context;

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

/// Sends a message at once by a channel, without the outbox. Returns the response of the service, in one line.
///
/// # Errors
/// When the channel is not set up, or the service does not take the message: why, in one line without a full stop.
pub async fn send_now(
    channels: &Channels,
    channel: &str,
    message: &Message,
    now: Timestamp,
) -> Result<String, String> {
    let Some(channel) = channels.get(channel) else {
        return Err(format!("{channel} is not set up"));
    };
    let why = match tokio::time::timeout(PATIENCE, channel.send(message, now)).await {
        Ok(Ok(answer)) => return Ok(word(&answer)),
        Ok(Err(Refusal::Later { why, .. } | Refusal::Never(why) | Refusal::Gone(why))) => why,
        Err(_) => format!("no response within {} seconds", PATIENCE.as_secs()),
    };
    Err(word(&why).trim_end_matches('.').to_owned())
}

/// A test of the server's own email.
struct TestMail;

impl EmailTemplate for TestMail {
    fn email(&self, frame: Frame<'_>) -> Email {
        Email::new(format!("Test email from {}", frame.community))
            .says("The server's email works: it was sent by the mail server of its settings.")
            .button(format!("Open {}", frame.community), "/")
            .because(format!("an admin of {} tried its email", frame.community))
    }
}

/// Returns the test email for the preview.
#[must_use]
pub fn samples() -> Vec<Sample> {
    vec![Sample::new("mail-test", TestMail)]
}

/// Sends a test email at once to an address, by the server's own channel. Returns what [`send_now`] returns.
///
/// # Errors
/// When the email cannot be written.
pub async fn try_own_mail(
    context: &Context,
    post: &Post,
    recipient: &str,
) -> Result<Result<String, String>, TemplateError> {
    let now = context.now();
    let message = Message {
        id: context.ids.next(),
        written_at: now,
        person: Uuid::nil(),
        kind: "mail_test".to_owned(),
        recipient: recipient.to_owned(),
        content: post.write(&TestMail, None)?,
    };
    Ok(send_now(&post.channels, EMAIL, &message, now).await)
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
