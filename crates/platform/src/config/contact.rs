//! Parsing of email addresses, mail servers and phone numbers in the configuration.

use axum::http::Uri;
use lettre::{Address, AsyncSmtpTransport, Tokio1Executor, message::Mailbox};

/// Returns the address of a sender such as `Guildhall <guild@guild.example>`, without its name.
pub(crate) fn mailbox(from: &str) -> Option<String> {
    let mailbox = from.parse::<Mailbox>().ok()?;
    Some(mailbox.email.to_string())
}

/// Returns true if the text is the email address of one mailbox.
#[must_use]
pub fn is_mailbox(address: &str) -> bool {
    address.parse::<Address>().is_ok()
}

/// A way to reach the operator of the server, which everyone may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicContact(String);

impl PublicContact {
    /// Parses an email address, or the URL of a page.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let contact = Self(text.to_owned());
        let is_valid = if contact.is_page() {
            let uri: Option<Uri> = text.parse().ok();
            let authority = uri.as_ref().and_then(Uri::authority);
            authority.is_some_and(|at| !at.host().is_empty() && !at.as_str().contains('@'))
        } else {
            is_mailbox(text)
        };
        is_valid.then_some(contact)
    }

    /// Returns the address of a link: `mailto:` and an email address, or the URL of a page.
    #[must_use]
    pub fn address(&self) -> String {
        if self.is_page() { self.0.clone() } else { format!("mailto:{}", self.0) }
    }

    /// Returns the text of a link, as the operator wrote it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    fn is_page(&self) -> bool {
        self.0.starts_with("https://") || self.0.starts_with("http://")
    }
}

/// Returns true if the text is the URL of a mail server: `smtp://HOST:PORT`, `smtps://NAME:PASSWORD@HOST`.
pub(crate) fn is_server(url: &str) -> bool {
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url).is_ok()
}

/// Returns true if the text is a phone number in international form: `+15551234567`.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    let is_whole = (7..=15).contains(&digits.len()) && !digits.starts_with('0');
    is_whole && digits.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_and_servers_are_validated() {
        assert!(mailbox("guild@guild.example").is_some() && mailbox("guild").is_none());
        assert!(is_server("smtps://me:secret@mail.example") && !is_server("mail.example"));
    }

    #[test]
    fn operators_are_reached_by_e_mail_or_on_a_page() {
        for (text, address) in [
            ("help@guild.example", Some("mailto:help@guild.example")),
            ("https://guild.example/help?a=b", Some("https://guild.example/help?a=b")),
            ("https://me:secret@guild.example/", None),
            ("javascript:alert(1)", None),
            ("https://", None),
            ("Help <help@guild.example>", None),
            ("", None),
        ] {
            assert_eq!(
                PublicContact::read(text).map(|it| it.address()).as_deref(),
                address,
                "{text}"
            );
        }
    }

    #[test]
    fn phone_numbers_are_in_international_form() {
        assert!(is_phone("+15551234567") && is_phone("+4930123456"));
        for wrong in
            ["", "15551234567", "+1 555 123", "+0555123456", "+123456", "+1234567890123456"]
        {
            assert!(!is_phone(wrong), "{wrong}");
        }
    }
}
