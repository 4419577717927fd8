//! Answers of services that send messages, and subscriptions of browsers, never cause a panic.

use reqwest::StatusCode;
use testkit::growth::linear;

use super::{
    MailServer,
    push::{NewBrowser, PushServices},
    resend,
    rules::{of_answer, wait},
    telnyx, webhook,
};
use crate::outside::Answer;

/// The longest text that is stored about an answer, in bytes: 300 characters and some words.
const LONGEST: usize = 1_400;

#[test]
fn answers_of_services() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        for said in [resend::accepted(&text), telnyx::accepted(&text)] {
            assert!(said.len() <= LONGEST, "{} bytes", said.len());
        }
        let named = telnyx::named(&telnyx::faults(&text));
        assert!(named.len() <= text.len(), "{named}");
        for status in [StatusCode::OK, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND] {
            let answer = Answer {
                status,
                retry_after: crate::outside::retry_after(&text, kernel::Timestamp::UNIX_EPOCH),
                text: text.clone(),
            };
            let said = format!("{:?}", of_answer("Slack", &answer));
            assert!(said.len() <= 10 * LONGEST, "{} bytes", said.len());
            let wait = wait(1, answer.retry_after).as_secs();
            assert!((30..=24 * 3_600).contains(&wait), "{wait}");
        }
    }));
}

/// The lines are the host, the port and the user name that an admin types.
#[test]
fn mail_servers() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.split('\n');
        let mut line = || lines.next().unwrap_or_default();
        if let Ok(server) = MailServer::typed(line(), line(), line()) {
            let again = MailServer::of(&server.url().into()).expect("a URL with a host");
            assert_eq!((again.port, again.username), (server.port, server.username), "{text}");
        }
        let _ = MailServer::of(&text.into_owned().into());
    }));
}

/// The lines are the address, the key and the secret of a subscription.
#[test]
fn push_subscriptions() {
    let services = PushServices::default();
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.split('\n').map(str::to_owned);
        let mut line = || lines.next().unwrap_or_default();
        let new = NewBrowser { endpoint: line(), p256dh: line(), auth: line(), user_agent: None };
        if let Ok((accepted, url)) = services.check(&new) {
            assert_eq!(accepted.endpoint, url.as_str());
            assert_eq!(url.scheme(), "https");
            assert!(url.username().is_empty() && url.password().is_none());
        }
    }));
}

/// Answers of receivers are stored as one short line, and no URL with a password is registered.
#[test]
fn webhooks() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let said = webhook::tame(&text);
        assert!(said.chars().count() <= 200 && !said.chars().any(char::is_control));
        if let Ok(url) = webhook::checked_url(&text) {
            assert!(url.username().is_empty() && url.password().is_none());
        }
    }));
}
