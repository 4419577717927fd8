use futures_util::future::BoxFuture;
use kernel::Timestamp;
use reqwest::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{Channel, Content, Message, Refusal, rules::of_answer};
use crate::outside::{Http, ask, silence};

/// The channel of Slack.
pub const SLACK: &str = "slack";

/// A channel for messages to Slack through an incoming webhook. Its URL suffices to post, so it is never shown.
pub struct Slack {
    url: SecretString,
    http: Http,
}

impl Slack {
    /// Creates the channel for a webhook URL.
    #[must_use]
    pub fn new(url: SecretString, http: Http) -> Self {
        Self { url, http }
    }

    async fn hand_over(&self, message: &Message, now: Timestamp) -> Result<String, Refusal> {
        let silent = |error: reqwest::Error| Refusal::Later {
            why: format!("Slack: {}", silence(&error)),
            after: None,
        };
        let request = self.http.request(Method::POST, self.url.expose_secret());
        let body = json!({ "text": text(&message.content) });
        let request = request.map_err(silent)?.json(&body);
        let answer = ask("slack", request, now).await.map_err(silent)?;
        of_answer("Slack", &answer)?;
        Ok("accepted by Slack".to_owned())
    }
}

/// Formats a message in Slack's markup, escaping all text.
fn text(content: &Content) -> String {
    let plain = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    // Leaves out the footer of the email, and its heading if the subject says it.
    let (said, _) = content.text.split_once("\n-- \n").unwrap_or((&content.text, ""));
    let heading = content.heading.as_deref().filter(|it| content.subject.ends_with(*it));
    let said = heading.and_then(|it| said.strip_prefix(&it.to_uppercase())).unwrap_or(said);
    format!("*{}*\n{}", plain(&content.subject), plain(said.trim()))
}

impl Channel for Slack {
    fn name(&self) -> &'static str {
        SLACK
    }

    fn send<'a>(
        &'a self,
        message: &'a Message,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<String, Refusal>> {
        Box::pin(self.hand_over(message, now))
    }
}

impl std::fmt::Debug for Slack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Slack(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        let mut content = Content::line("<!channel> & *all*", "https://guild.example/".to_owned());
        content.text = "A & B.\n\n-- \nGuildhall\n".to_owned();
        assert_eq!(text(&content), "*&lt;!channel&gt; &amp; *all**\nA &amp; B.");
        content.subject = "[high] No disk".to_owned();
        content.heading = Some("No disk".to_owned());
        content.text = "NO DISK\n\nA full disk.\n\n-- \nGuildhall\n".to_owned();
        assert_eq!(text(&content), "*[high] No disk*\nA full disk.");
    }
}
