//! What operators are reached by.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};

use super::{Config, ConfigError};
use crate::outbox;

/// Texts with commas between; none when there is none.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let named = text.split(',').map(str::trim);
    Ok(named
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect())
}

impl Config {
    /// What is refused is told without Slack's address: it is all that it takes to write there.
    pub(super) fn refuse_alerts_to_nobody(&self) -> Result<(), ConfigError> {
        let is_web = |url: &SecretString| {
            let url = reqwest::Url::parse(url.expose_secret()).ok();
            url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        };
        let bad_mailbox = self.alert_emails.iter().find(|to| !outbox::is_mailbox(to));
        let phones = self.alert_phones.iter().chain(&self.telnyx_from);
        let bad_phone = phones.into_iter().find(|number| !outbox::is_phone(number));
        let has_mail = self.smtp_url.is_some() || self.resend_api_key.is_some();
        let told = if self
            .slack_webhook_url
            .as_ref()
            .is_some_and(|url| !is_web(url))
        {
            "slack_webhook_url (SLACK_WEBHOOK_URL) is no address of the web: write what Slack gave you, \
             https://hooks.slack.com/services/…"
                .to_owned()
        } else if let Some(number) = bad_phone {
            format!(
                "'{number}' in alert_phones or telnyx_from is no number of a phone: write it as +15551234567"
            )
        } else if let Some(mailbox) = bad_mailbox {
            format!("'{mailbox}' in alert_emails (GUILDHALL_ALERT_EMAILS) is no address of e-mail")
        } else if !self.alert_emails.is_empty() && !has_mail {
            "alert_emails (GUILDHALL_ALERT_EMAILS) is set, and no way to send mail: set SMTP_URL or \
             RESEND_API_KEY"
                .to_owned()
        } else if self.telnyx_api_key.is_some() != self.telnyx_from.is_some() {
            "TELNYX_API_KEY and telnyx_from (GUILDHALL_TELNYX_FROM) go together: set both, or none"
                .to_owned()
        } else if !self.alert_phones.is_empty() && self.telnyx_api_key.is_none() {
            "alert_phones (GUILDHALL_ALERT_PHONES) is set, and no way to send text messages: set \
             TELNYX_API_KEY"
                .to_owned()
        } else {
            return Ok(());
        };
        Err(ConfigError::Invalid(told))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;

    #[test]
    fn half_a_way_to_operators_is_refused() {
        let load = |variables: &[(&str, &str)]| {
            let owned = variables
                .iter()
                .map(|&(name, value)| (name.to_owned(), value.to_owned()));
            Config::load(&owned.collect(), &Flags::default())
        };
        let slack = (
            "SLACK_WEBHOOK_URL",
            "https://hooks.slack.com/services/T0/B0/hunter2",
        );
        let key = ("TELNYX_API_KEY", "KEYhunter2");
        let from = ("GUILDHALL_TELNYX_FROM", "+15551230000");
        let phones = ("GUILDHALL_ALERT_PHONES", "+15551230001, +15551230002");
        let emails = ("GUILDHALL_ALERT_EMAILS", "a@guild.example,b@guild.example");
        let mail = [
            ("SMTP_URL", "smtp://127.0.0.1:25"),
            ("GUILDHALL_MAIL_FROM", "hall@guild.example"),
        ];
        let all = [slack, key, from, phones, emails, mail[0], mail[1]];
        let config = load(&all).expect("operators");
        assert_eq!(config.alert_phones, ["+15551230001", "+15551230002"]);
        assert_eq!(config.alert_emails, ["a@guild.example", "b@guild.example"]);
        for (variables, says) in [
            (vec![("SLACK_WEBHOOK_URL", "hunter2")], "SLACK_WEBHOOK_URL"),
            (vec![key], "GUILDHALL_TELNYX_FROM"),
            (vec![from], "TELNYX_API_KEY"),
            (
                vec![key, ("GUILDHALL_TELNYX_FROM", "5551230000")],
                "+15551234567",
            ),
            (vec![phones], "TELNYX_API_KEY"),
            (vec![emails], "SMTP_URL"),
            (
                vec![("GUILDHALL_ALERT_EMAILS", "a"), mail[0], mail[1]],
                "no address of e-mail",
            ),
        ] {
            let said = load(&variables).expect_err("refused").to_string();
            assert!(said.contains(says) && !said.contains("hunter2"), "{said}");
        }
    }
}
