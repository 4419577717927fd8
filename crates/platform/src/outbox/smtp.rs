use std::error::Error as _;

use futures_util::future::BoxFuture;
use kernel::Timestamp;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message as Mail, Tokio1Executor,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp,
};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Channel, EMAIL, Message, Refusal};
use crate::outside::measured;

/// A channel for email through a mail server.
pub struct Smtp {
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
    /// The place where the server is set up, as in `Config::place`.
    place: String,
}

impl Smtp {
    /// Creates the channel for the server at `url`, which is set up at `place`, with the sender `from`. `None` if either is invalid.
    #[must_use]
    pub fn new(url: &SecretString, place: String, from: &str) -> Option<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret()).ok()?;
        Some(Self { from: from.parse().ok()?, transport: transport.build(), place })
    }

    /// Sends an email, and tells apart why the server does not take it.
    pub(super) async fn attempt(&self, message: &Message) -> Result<(), Failure> {
        let mail = self.mail(message).map_err(|refusal| match refusal {
            Refusal::Later { why: said, .. } | Refusal::Never(said) | Refusal::Gone(said) => {
                Failure { kind: FailureKind::Unwritable, said }
            }
        })?;
        let sent = measured("smtp", self.transport.send(mail), outcome).await;
        sent.map(drop).map_err(|error| failure(&error))
    }

    /// Builds the email. Each attempt has the same Message-ID and date, so that mailboxes recognize a second
    /// copy.
    fn mail(&self, message: &Message) -> Result<Mail, Refusal> {
        let to: Address = message.recipient.parse().map_err(unwritable)?;
        let content = &message.content;
        let id = format!("<{}@{}>", message.id, self.from.email.domain());
        let mut mail = Mail::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(content.subject.clone())
            .message_id(Some(id))
            .date(message.written_at.into());
        for (name, value) in content.mail_headers() {
            mail = mail.raw_header(header(name, value));
        }
        let text = content.text.clone();
        let mail = match &content.html {
            Some(html) => mail.multipart(MultiPart::alternative_plain_html(text, html.clone())),
            None => mail.singlepart(SinglePart::plain(text)),
        };
        mail.map_err(unwritable)
    }
}

/// Why a mail server did not take an email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) kind: FailureKind,
    /// The words of the server, or of the connection to it.
    pub(super) said: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureKind {
    /// The user name or the password.
    Credentials,
    /// There is no encrypted connection.
    Encryption,
    /// The sender, the recipient or the content.
    Refused,
    Unreachable,
    /// The server lacks something that this one needs.
    Unsuitable,
    /// The email cannot be written.
    Unwritable,
}

/// Returns a header of ASCII text without folding, which would break a URL.
fn header(name: &'static str, value: String) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value)
}

fn unwritable(error: impl std::fmt::Display) -> Refusal {
    Refusal::Never(format!("cannot build the email: {error}"))
}

impl Channel for Smtp {
    fn name(&self) -> &'static str {
        EMAIL
    }

    fn send<'a>(
        &'a self,
        message: &'a Message,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<String, Refusal>> {
        Box::pin(async move {
            let mail = self.mail(message)?;
            match measured("smtp", self.transport.send(mail), outcome).await {
                Ok(answer) => Ok(answer.message().collect::<Vec<_>>().join(" ")),
                Err(error) => Err(refusal(&error, &self.place)),
            }
        })
    }

    fn answers(&self) -> BoxFuture<'_, Result<String, String>> {
        Box::pin(async {
            let test = self.transport.test_connection();
            let what = match measured("smtp", test, outcome).await {
                Ok(true) => return Ok("The mail server responds".to_owned()),
                Ok(false) => "The mail server closed the connection".to_owned(),
                Err(error) => format!("Cannot connect to the mail server: {error}"),
            };
            Err(format!("{what}. Check the mail server {}", self.place))
        })
    }
}

/// Returns the outcome of a call for its metrics.
fn outcome<T>(result: &Result<T, smtp::Error>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(error) if error.is_permanent() => "refused",
        Err(_) => "failed",
    }
}

fn failure(error: &smtp::Error) -> Failure {
    let said = error.to_string();
    let Some(code) = error.status().map(u16::from) else {
        let kind = if error.is_tls() || said.contains("STARTTLS") {
            FailureKind::Encryption
        } else if error.is_client() || error.is_response() {
            FailureKind::Unsuitable
        } else {
            FailureKind::Unreachable
        };
        return Failure { kind, said };
    };
    let kind = match code {
        530 | 534 | 535 | 538 => FailureKind::Credentials,
        _ => FailureKind::Refused,
    };
    let words = error.source().map_or_else(String::new, ToString::to_string);
    Failure { kind, said: format!("{code} {words}").trim().to_owned() }
}

fn refusal(error: &smtp::Error, place: &str) -> Refusal {
    let why = format!("mail server: {error}");
    let code = error.status().map(u16::from);
    match code {
        // The credentials are wrong. Retry, since an admin can correct them.
        Some(530 | 534 | 535 | 538) => {
            later(format!("{why}. Check the user name and the password {place}"))
        }
        // The mailbox, not the message or this server, is refused (RFC 5321, section 4.2.3).
        Some(550..=553) => Refusal::Gone(why),
        _ if error.is_permanent() => Refusal::Never(why),
        _ => later(why),
    }
}

fn later(why: String) -> Refusal {
    Refusal::Later { why, after: None }
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp").field("from", &self.from).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::outbox::Content;

    fn written(recipient: &str) -> Result<String, Refusal> {
        let url = "smtp://127.0.0.1:25".to_owned().into();
        let smtp = Smtp::new(&url, String::new(), "Guildhall <hall@guild.example>");
        let smtp = smtp.expect("a server");
        let message = Message {
            kind: "test".to_owned(),
            id: Uuid::from_u128(7),
            person: Uuid::from_u128(8),
            written_at: "2026-11-01T08:00:00Z".parse().expect("an instant"),
            recipient: recipient.to_owned(),
            content: Content {
                subject: "Über\r\nBcc: all@evil.example".to_owned(),
                heading: None,
                text: "Hello.\n".to_owned(),
                html: Some("<p>Hello.</p>".to_owned()),
                link: None,
                unsubscribe: Some(format!("https://guild.example/unsubscribe/{}", "a".repeat(150))),
                is_urgent: false,
                expires_at: None,
                flag: None,
            },
        };
        let mail = smtp.mail(&message)?;
        Ok(String::from_utf8(mail.formatted()).expect("text"))
    }

    #[test]
    fn the_id_date_and_headers_of_an_email_are_stable() {
        let mail = written("wren@oak.example").expect("a mail");
        let line = |start: &str| mail.lines().find(|line| line.starts_with(start));
        assert_eq!(
            line("Message-ID:"),
            Some("Message-ID: <00000000-0000-0000-0000-000000000007@guild.example>")
        );
        assert_eq!(line("Date:"), Some("Date: Sun, 01 Nov 2026 08:00:00 +0000"));
        assert_eq!(
            line("List-Unsubscribe-Post:"),
            Some("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
        );
        let unsubscribe = line("List-Unsubscribe:").expect("an address");
        assert!(unsubscribe.ends_with("aaa>"), "{unsubscribe}");
        assert!(!mail.contains("\nBcc:"), "a subject adds no header: {mail}");
    }

    #[test]
    fn invalid_addresses_are_rejected() {
        for wrong in ["", "wren", "wren@oak.example\r\nRCPT TO:<x@y.example>", "a b@c.example"] {
            assert!(matches!(written(wrong), Err(Refusal::Never(_))), "{wrong}");
        }
    }
}
