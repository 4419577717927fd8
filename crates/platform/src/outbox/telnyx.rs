use futures_util::future::BoxFuture;
use kernel::Timestamp;
use reqwest::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Channel, Content, Message, Refusal,
    rules::{of_answer, word},
};
use crate::outside::{Answer, Http, ask, silence};

/// The channel of text messages.
pub const SMS: &str = "sms";

/// The maximum length of a text message, in units of UTF-16. It fits in two parts, even if a character outside GSM
/// 7-bit makes all of them two bytes wide.
const LONGEST: usize = 130;

/// A channel for text messages through Telnyx's API.
pub struct Telnyx {
    key: SecretString,
    url: String,
    from: String,
    profile: Option<String>,
    http: Http,
}

/// Telnyx's code for a recipient who replied STOP. Its API refuses messages to them until they reply START.
/// Source: <https://developers.telnyx.com/api/errors/40300>.
const STOPPED: &str = "40300";

#[derive(Deserialize)]
struct Refused {
    errors: Vec<TelnyxError>,
}

#[derive(Deserialize)]
pub(super) struct TelnyxError {
    code: String,
    #[serde(default)]
    title: String,
}

#[derive(Deserialize)]
struct AcceptedText {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    id: String,
}

impl Telnyx {
    /// Creates the channel for the API at `url`, with an API key, a sender number and an optional messaging
    /// profile.
    #[must_use]
    pub fn new(
        key: SecretString,
        url: &str,
        (from, profile): (&str, Option<&str>),
        http: Http,
    ) -> Self {
        Self {
            key,
            url: format!("{url}/v2/messages"),
            from: from.to_owned(),
            profile: profile.map(str::to_owned),
            http,
        }
    }

    fn body(&self, message: &Message) -> Value {
        let mut body = json!({
            "from": self.from, "to": message.recipient, "text": text(&message.content),
        });
        if let Some(profile) = &self.profile {
            body["messaging_profile_id"] = profile.as_str().into();
        }
        body
    }

    async fn hand_over(&self, message: &Message, now: Timestamp) -> Result<String, Refusal> {
        let silent = |error: reqwest::Error| Refusal::Later {
            why: format!("Telnyx: {}", silence(&error)),
            after: None,
        };
        let request = self.http.request(Method::POST, &self.url).map_err(silent)?;
        let request = request.bearer_auth(self.key.expose_secret()).json(&self.body(message));
        let answer = ask("telnyx", request, now).await.map_err(silent)?;
        let faults = faults(&answer.text);
        if faults.iter().any(|fault| fault.code == STOPPED) {
            return Err(stopped(message));
        }
        let named = Answer { text: named(&faults), ..answer.clone() };
        of_answer("Telnyx", &named)?;
        Ok(accepted(&answer.text))
    }
}

/// Refuses a message to a recipient who replied STOP. That is a person's own choice, but an operator would miss alerts.
fn stopped(message: &Message) -> Refusal {
    let why = "the recipient replied STOP, and gets text messages again after replying START";
    if message.person.is_nil() {
        Refusal::Never(why.to_owned())
    } else {
        Refusal::Gone(why.to_owned())
    }
}

/// Formats the subject and the link, which leads to the rest.
fn text(content: &Content) -> String {
    let link = content.link.as_deref().unwrap_or_default();
    let mut left = LONGEST.saturating_sub(link.encode_utf16().count() + 1);
    let fits = |character: &char| {
        let rest = left.checked_sub(character.len_utf16());
        left = rest.unwrap_or_default();
        rest.is_some()
    };
    let line: String = content.subject.chars().take_while(fits).collect();
    format!("{line} {link}").trim().to_owned()
}

/// Reads the faults in a refusal; none if it cannot be read.
pub(super) fn faults(text: &str) -> Vec<TelnyxError> {
    let refused: Option<Refused> = serde_json::from_str(text).ok();
    refused.map_or_else(Vec::new, |refused| refused.errors)
}

/// Names faults without their details, which may repeat the number and the text of the message.
pub(super) fn named(faults: &[TelnyxError]) -> String {
    let name = |fault: &TelnyxError| format!("{} {}", fault.code, fault.title);
    faults.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// Describes the acceptance of a message by the ID in the response, if it can be read.
pub(super) fn accepted(text: &str) -> String {
    let taken: Option<AcceptedText> = serde_json::from_str(text).ok();
    taken
        .map_or_else(String::new, |taken| format!("accepted by Telnyx as {}", word(&taken.data.id)))
}

impl Channel for Telnyx {
    fn name(&self) -> &'static str {
        SMS
    }

    fn send<'a>(
        &'a self,
        message: &'a Message,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<String, Refusal>> {
        Box::pin(self.hand_over(message, now))
    }
}

impl std::fmt::Debug for Telnyx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Telnyx").field("url", &self.url).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_named_without_their_details() {
        let named = |text| named(&faults(text));
        let refused = r#"{"errors":[{"code":"40310","title":"Invalid 'to' address","detail":"+15551230007"}]}"#;
        assert_eq!(named(refused), "40310 Invalid 'to' address");
        for other in [r#"{"data":{"id":"x"}}"#, "", "40300"] {
            assert_eq!(named(other), "", "{other}");
        }
    }

    #[test]
    fn a_message_is_a_line_and_a_link() {
        let link = "https://guild.example/admin/ledger";
        let said = |subject: &str| text(&Content::line(subject, link.to_owned()));
        assert_eq!(said("It is so"), format!("It is so {link}"));
        let long = said(&"ü".repeat(500));
        assert_eq!(long.chars().count(), LONGEST);
        assert!(long.ends_with(link));
        assert_eq!(said(&"🦉".repeat(500)).encode_utf16().count(), LONGEST - 1);
    }
}
