//! Addresses of people and of the mail server, as the configuration writes them.

use lettre::{Address, AsyncSmtpTransport, Tokio1Executor, message::Mailbox};

/// The address alone of a sender such as `Guildhall <guild@guild.example>`.
pub(crate) fn mailbox(from: &str) -> Option<String> {
    let mailbox = from.parse::<Mailbox>().ok()?;
    Some(mailbox.email.to_string())
}

/// Tells whether this is the address of one mailbox, as people write it.
#[must_use]
pub fn is_mailbox(address: &str) -> bool {
    address.parse::<Address>().is_ok()
}

/// Tells whether this names a mail server: `smtp://HOST:PORT`, `smtps://NAME:PASSWORD@HOST`.
pub(crate) fn is_server(url: &str) -> bool {
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url).is_ok()
}

/// Tells whether this is a phone number in international form: `+15551234567`.
pub(crate) fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    let is_whole = (7..=15).contains(&digits.len()) && !digits.starts_with('0');
    is_whole && digits.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_and_servers_are_known_by_their_form() {
        assert!(mailbox("guild@guild.example").is_some() && mailbox("guild").is_none());
        assert!(is_server("smtps://me:secret@mail.example") && !is_server("mail.example"));
    }

    #[test]
    fn numbers_are_written_as_networks_do() {
        assert!(is_phone("+15551234567") && is_phone("+4930123456"));
        for wrong in [
            "",
            "15551234567",
            "+1 555 123",
            "+0555123456",
            "+123456",
            "+1234567890123456",
        ] {
            assert!(!is_phone(wrong), "{wrong}");
        }
    }
}
