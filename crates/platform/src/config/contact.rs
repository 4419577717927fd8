//! Parsing of e-mail addresses, mail servers and phone numbers in the configuration.

use lettre::{Address, AsyncSmtpTransport, Tokio1Executor, message::Mailbox};

/// Returns the address of a sender such as `Guildhall <guild@guild.example>`, without its name.
pub(crate) fn mailbox(from: &str) -> Option<String> {
    let mailbox = from.parse::<Mailbox>().ok()?;
    Some(mailbox.email.to_string())
}

/// Returns true if the text is the e-mail address of one mailbox.
#[must_use]
pub fn is_mailbox(address: &str) -> bool {
    address.parse::<Address>().is_ok()
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
    fn phone_numbers_are_in_international_form() {
        assert!(is_phone("+15551234567") && is_phone("+4930123456"));
        for wrong in
            ["", "15551234567", "+1 555 123", "+0555123456", "+123456", "+1234567890123456"]
        {
            assert!(!is_phone(wrong), "{wrong}");
        }
    }
}
