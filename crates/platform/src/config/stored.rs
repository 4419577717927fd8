//! Values that admins save in the browser. They come between the defaults and `guildhall.toml`.

use std::{collections::BTreeSet, slice};

use secrecy::{ExposeSecret as _, SecretString};

use super::{
    Config, ConfigError, Origin, Setting,
    key::{Exposure, Key},
    keys::KEYS,
    layers::Layers,
};

/// Keys that are set together. If one of them is set outside of the browser, stored values of all are ignored: a mail server in
/// the environment and a key of Resend from the browser would contradict each other.
const GROUPS: &[&[&str]] = &[
    &["smtp_url", "smtp_password", "resend_api_key", "mail_from"],
    &[
        "github_app_id",
        "github_app_private_key",
        "github_app_webhook_secret",
        "github_app_webhook_secret_previous",
    ],
    &["github_client_id", "github_client_secret"],
    &["github_webhook_secret", "github_webhook_secret_previous"],
    &["openid_issuer", "openid_client_id", "openid_client_secret", "openid_name"],
    &["telnyx_api_key", "telnyx_from"],
];

/// A value that is stored in the database.
#[derive(Clone, Debug)]
pub struct StoredValue {
    /// The key in `guildhall.toml`. Values of unknown keys are ignored: a later release may have stored them.
    pub key: String,
    pub text: SecretString,
}

/// Keys whose stored values are not used.
pub(crate) struct LeftOut {
    pub(crate) keys: &'static [&'static str],
    pub(crate) error: ConfigError,
}

impl Config {
    /// Returns the setting of a key; `None` if there is no such key.
    #[must_use]
    pub fn setting(&self, key: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.key == key)
    }

    /// Returns the setting in the file, the environment or the command line that keeps a key from being saved in the browser: its
    /// own, or one that belongs together with it.
    #[must_use]
    pub fn fixed_by(&self, key: &str) -> Option<&Setting> {
        let is_fixed = |setting: &&Setting| setting.origin > Origin::Stored;
        let group = group_of(key);
        let mut of_group = self.settings.iter().filter(|setting| group.contains(&setting.key));
        self.setting(key).filter(is_fixed).or_else(|| of_group.find(is_fixed))
    }

    /// Returns where a key is set, for the end of a sentence: "in SMTP_URL" if the environment sets it or what belongs together with it,
    /// or else the page on which admins save it, "at Settings › Email (/setup/email)".
    #[must_use]
    pub fn place(&self, key: &str) -> String {
        let variable = self.setting(key).map_or(key, |setting| setting.variable);
        match (self.fixed_by(key).map(|setting| setting.origin), page_of(key)) {
            (Some(Origin::File), _) => format!("in {key} of guildhall.toml"),
            (None, Some(page)) => format!("at Settings › {page}"),
            _ => format!("in {variable}"),
        }
    }

    /// Returns this configuration with stored values in place of those that it has from the database.
    ///
    /// # Errors
    /// When a value is invalid, or two conflict. The error names the key.
    pub fn with_stored(&self, stored: &[StoredValue]) -> Result<Self, ConfigError> {
        let mut layers = Layers::defaults(KEYS);
        for value in stored.iter().filter(|value| self.fixed_by(&value.key).is_none()) {
            layers.add_stored(&value.key, value.text.expose_secret());
        }
        let mut read = Self::read(&layers)?;
        read.add_passwords()?;
        let mut config = self.clone();
        let mut replaced = BTreeSet::new();
        for (own, new) in config.settings.iter_mut().zip(&read.settings) {
            if [own.origin, new.origin].contains(&Origin::Stored) {
                replaced.insert(own.key);
                own.clone_from(new);
            }
        }
        let config = Self::adopt(config, read, &replaced);
        match config.broken_rule() {
            // Code that changed values after the start may have broken a rule.
            Some(says) if self.broken_rule() != Some(says) => {
                Err(ConfigError::Invalid(says.to_owned()))
            }
            _ => Ok(config),
        }
    }

    /// Returns this configuration with stored values, and the groups of keys that are left out because their values cannot be used.
    pub(crate) fn over_stored(&self, stored: &[StoredValue]) -> (Self, Vec<LeftOut>) {
        if let Ok(config) = self.with_stored(stored) {
            return (config, Vec::new());
        }
        let mut config = self.with_stored(&[]).unwrap_or_else(|_| self.clone());
        let (mut used, mut left_out) = (Vec::new(), Vec::new());
        for keys in groups() {
            let before = used.len();
            let own = stored.iter().filter(|value| keys.contains(&value.key.as_str()));
            used.extend(own.cloned());
            if used.len() == before {
                continue;
            }
            match self.with_stored(&used) {
                Ok(with_more) => config = with_more,
                Err(error) => {
                    used.truncate(before);
                    left_out.push(LeftOut { keys, error });
                }
            }
        }
        (config, left_out)
    }
}

/// Returns whether the value of a key is a secret; `None` if admins cannot save the key.
pub(crate) fn is_kept_secret(key: &str) -> Option<bool> {
    let own = KEYS.iter().find(|own| own.is_kept && own.name == key);
    own.map(|own| own.exposure == Exposure::Secret)
}

/// Checks the text of a key that admins can save.
///
/// # Errors
/// When the text is not valid.
pub(crate) fn check(key: &str, text: &str) -> Result<(), ConfigError> {
    let mut layers = Layers::defaults(KEYS);
    layers.add_stored(key, text);
    Config::read(&layers).map(drop)
}

/// Returns the keys that are set together with a key, among them itself.
fn group_of(key: &str) -> &'static [&'static str] {
    groups().find(|group| group.contains(&key)).unwrap_or_default()
}

/// Returns the page on which admins save a key, with its address; `None` if no page has it.
fn page_of(key: &str) -> Option<&'static str> {
    Some(match *group_of(key).first()? {
        "smtp_url" => "Email (/setup/email)",
        "github_app_id" | "github_client_id" | "github_api_token" => "GitHub (/setup/github)",
        "public_url"
        | "community_name"
        | "community_description"
        | "community_picture"
        | "community_contact"
        | "contact_product"
        | "contact_engineering"
        | "contact_operations" => "Name and picture (/setup/community)",
        _ => return None,
    })
}

/// Returns each group of keys, and each other key alone.
fn groups() -> impl Iterator<Item = &'static [&'static str]> {
    let is_alone = |key: &&Key| !GROUPS.iter().any(|group| group.contains(&key.name));
    let alone = KEYS.iter().filter(is_alone).map(|key| slice::from_ref(&key.name));
    GROUPS.iter().copied().chain(alone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Flags, ShownValue};

    /// The mail server that an admin saved.
    const MAIL: &[(&str, &str)] = &[
        ("smtp_url", "smtps://owl@mail.example"),
        ("smtp_password", "hunter2"),
        ("mail_from", "Guild <hall@guild.example>"),
    ];

    fn load(variables: &[(&str, &str)]) -> Config {
        let variables = variables.iter();
        let environment = variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::load(&environment.collect(), &Flags::default()).expect("read")
    }

    fn stored(values: &[(&str, &str)]) -> Vec<StoredValue> {
        let value =
            |&(key, text): &(&str, &str)| StoredValue { key: key.to_owned(), text: text.into() };
        values.iter().map(value).collect()
    }

    fn origin(config: &Config, key: &str) -> Origin {
        config.setting(key).expect(key).origin
    }

    #[test]
    fn stored_values_come_between_defaults_and_the_environment() {
        let named =
            stored(&[("community_name", "Fenwick"), ("public_url", "https://fen.example/")]);
        let config = load(&[]).with_stored(&named).expect("read");
        assert_eq!((&*config.community_name, &*config.site()), ("Fenwick", "https://fen.example"));
        assert_eq!(origin(&config, "community_name"), Origin::Stored);
        assert_eq!(config.fixed_by("community_name").map(|by| by.key), None);
        let config = load(&[("GUILDHALL_COMMUNITY_NAME", "Commons")]);
        let config = config.with_stored(&named).expect("read");
        assert_eq!((&*config.community_name, &*config.site()), ("Commons", "https://fen.example"));
        assert_eq!(origin(&config, "community_name"), Origin::Environment);
        assert_eq!(config.fixed_by("community_name").map(|by| by.key), Some("community_name"));
    }

    #[test]
    fn later_values_replace_earlier_ones_and_removed_ones_leave_the_default() {
        let config = load(&[]).with_stored(&stored(&[("community_name", "Fenwick")]));
        let config = config.expect("read").with_stored(&stored(MAIL)).expect("read");
        assert_eq!(config.community_name, "Guildhall");
        assert_eq!(origin(&config, "community_name"), Origin::Default);
        let url = config.smtp_url.as_ref().expect("a mail server").expose_secret();
        assert_eq!(url, "smtps://owl:hunter2@mail.example");
        let config = config.with_stored(&[]).expect("read");
        assert!(config.smtp_url.is_none() && config.mail_from.is_none());
        assert_eq!(config.setting("smtp_url").expect("a key").value, ShownValue::Nothing);
    }

    #[test]
    fn what_code_changed_after_the_start_stays() {
        let mut config = load(&[]);
        config.github_api_token = Some("of the demo".into());
        config.requests_per_minute = 7;
        let config = config.with_stored(&stored(&[("community_name", "Fenwick")])).expect("read");
        let token = config.github_api_token.as_ref().expect("a token").expose_secret();
        assert_eq!((token, config.requests_per_minute), ("of the demo", 7));
    }

    #[test]
    fn a_group_that_is_set_elsewhere_ignores_what_is_stored() {
        let variables =
            [("SMTP_URL", "smtp://127.0.0.1:25"), ("GUILDHALL_MAIL_FROM", "a@guild.example")];
        let rival = stored(&[("resend_api_key", "re_hunter2"), ("community_name", "Fenwick")]);
        let config = load(&variables).with_stored(&rival).expect("no conflict");
        assert!(config.resend_api_key.is_none() && config.community_name == "Fenwick");
        let by = |key| config.fixed_by(key).map(|by| by.variable);
        assert_eq!(by("resend_api_key"), Some("SMTP_URL"));
        assert_eq!(by("mail_from"), Some("GUILDHALL_MAIL_FROM"));
        assert_eq!(by("telnyx_from"), None);
    }

    #[test]
    fn the_place_of_a_key_is_what_sets_it_or_the_page_that_saves_it() {
        let config = load(&[]).with_stored(&stored(MAIL)).expect("read");
        assert_eq!(config.place("smtp_url"), "at Settings › Email (/setup/email)");
        assert_eq!(config.place("github_api_token"), "at Settings › GitHub (/setup/github)");
        assert_eq!(config.place("github_webhook_secret"), "in GITHUB_WEBHOOK_SECRET");
        let config =
            load(&[("RESEND_API_KEY", "re_hunter2"), ("GUILDHALL_MAIL_FROM", "a@b.example")]);
        assert_eq!(config.place("smtp_url"), "in SMTP_URL");
        let mut layers = Layers::defaults(KEYS);
        layers.add_toml("public_url = \"https://fen.example\"").expect("TOML");
        let config = Config::read(&layers).expect("read");
        assert_eq!(config.place("public_url"), "in public_url of guildhall.toml");
    }

    #[test]
    fn values_of_other_keys_are_ignored() {
        let others = stored(&[("bind", "0.0.0.0:80"), ("of_a_later_release", "x")]);
        let config = load(&[]).with_stored(&others).expect("read");
        assert_eq!(config.bind.port(), 8080);
        assert_eq!(is_kept_secret("bind"), None);
        assert_eq!(
            (is_kept_secret("mail_from"), is_kept_secret("smtp_url")),
            (Some(false), Some(true))
        );
    }

    #[test]
    fn what_cannot_be_used_is_left_out_with_its_group() {
        let mut values = stored(MAIL);
        values.extend(stored(&[
            ("resend_api_key", "re_hunter2"),
            ("community_name", "Fenwick"),
            ("alert_emails", "not an address"),
        ]));
        let (config, left_out) = load(&[]).over_stored(&values);
        assert!(config.smtp_url.is_none() && config.mail_from.is_none());
        assert_eq!(config.community_name, "Fenwick");
        let keys: Vec<_> = left_out.iter().map(|out| out.keys[0]).collect();
        assert_eq!(keys, ["smtp_url", "alert_emails"]);
        let says = left_out.iter().map(|out| out.error.to_string()).collect::<Vec<_>>().join(" ");
        assert!(says.contains("unset one of them") && !says.contains("hunter2"), "{says}");
        assert!(!format!("{values:?}{config:?}").contains("hunter2"));
    }

    #[test]
    fn one_text_is_checked_at_a_time() {
        check("smtp_url", "smtps://mail.example").expect("a mail server");
        let refused = check("smtp_url", "hunter2").expect_err("refused").to_string();
        assert!(refused.contains("smtp_url") && !refused.contains("hunter2"), "{refused}");
    }

    #[test]
    fn groups_consist_of_keys_that_admins_can_save() {
        for key in GROUPS.iter().copied().flatten() {
            assert!(is_kept_secret(key).is_some(), "{key}");
        }
    }
}
