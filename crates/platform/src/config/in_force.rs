//! What is in force, and where each value came from.

use std::collections::BTreeMap;

use figment::{
    Figment,
    value::{Num, Value},
};
use serde::Serialize;

use super::keys::{KEYS, Key};

/// Where a value came from; each is over the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// `guildhall.toml`.
    File,
    /// Its variable, or the file that its variable's `_FILE` names.
    Environment,
    /// The command line.
    Flag,
}

/// What is shown of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// There is none.
    Nothing,
    /// It is a secret, and set.
    Secret,
    /// As it was written.
    Text(String),
}

/// A key as it is in force.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its name in `guildhall.toml`.
    pub key: &'static str,
    /// The environment variable that sets it.
    pub variable: &'static str,
    /// Its value, unless that is a secret.
    pub value: Shown,
    /// Where it came from.
    pub origin: Origin,
}

/// Where each key's value came from that somebody set.
#[derive(Default)]
pub(super) struct Sources(BTreeMap<&'static str, Origin>);

impl Sources {
    /// A key was set; the last to say so wins.
    pub(super) fn set(&mut self, key: &'static str, origin: Origin) {
        self.0.insert(key, origin);
    }

    /// What `file` holds was set by it.
    pub(super) fn read(&mut self, file: &Figment) {
        for key in KEYS.iter().filter(|key| file.contains(key.name)) {
            self.set(key.name, Origin::File);
        }
    }

    /// Every key, as `figment` has it.
    pub(super) fn settings(&self, figment: &Figment) -> Vec<Setting> {
        let setting = |key: &Key| Setting {
            key: key.name,
            variable: key.variable,
            value: shown(key, figment.find_value(key.name).ok()),
            origin: *self.0.get(key.name).unwrap_or(&Origin::Default),
        };
        KEYS.iter().map(setting).collect()
    }
}

fn shown(key: &Key, value: Option<Value>) -> Shown {
    match value {
        None => Shown::Nothing,
        Some(_) if key.is_secret => Shown::Secret,
        Some(value) => match text(&value) {
            text if text.is_empty() => Shown::Nothing,
            text => Shown::Text(text),
        },
    }
}

/// As it would be written; what no key has becomes nothing.
fn text(value: &Value) -> String {
    match value {
        Value::String(_, text) => text.clone(),
        Value::Bool(_, yes) => yes.to_string(),
        Value::Num(_, number) => number_text(*number),
        _ => String::new(),
    }
}

fn number_text(number: Num) -> String {
    let whole = number.to_i128().map(|whole| whole.to_string());
    let natural = || number.to_u128().map(|natural| natural.to_string());
    whole.or_else(natural).unwrap_or_else(|| {
        number
            .to_f64()
            .map(|real| real.to_string())
            .unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::{Config, Flags};

    #[test]
    fn each_key_says_where_it_is_from_and_no_secret_is_shown() {
        let planted = "planted-secret";
        let mut environment: BTreeMap<String, String> = KEYS
            .iter()
            .filter(|key| key.is_secret)
            .map(|key| (key.variable.to_owned(), planted.to_owned()))
            .collect();
        environment.remove("RESEND_API_KEY");
        for (variable, value) in [
            ("REDIS_URL", "redis://:planted-secret@cache.example"),
            ("SMTP_URL", "smtp://owl:planted-secret@mail.example"),
            ("GUILDHALL_MAIL_FROM", "hall@guild.example"),
            ("SLACK_WEBHOOK_URL", "https://slack.example/planted-secret"),
            ("GUILDHALL_TELNYX_FROM", "+15551230000"),
            ("GITHUB_CLIENT_ID", "an-app"),
            ("GUILDHALL_OPENID_ISSUER", "https://id.example"),
            ("GUILDHALL_OPENID_CLIENT_ID", "hall"),
            ("GUILDHALL_JOB_LEASE_SECONDS", "90"),
            ("GUILDHALL_BIND", "0.0.0.0:80"),
        ] {
            environment.insert(variable.to_owned(), value.to_owned());
        }
        let flags = Flags {
            bind: Some("127.0.0.1:1".parse().expect("an address")),
            ..Flags::default()
        };
        let settings = Config::load(&environment, &flags).expect("read").settings;
        assert!(!format!("{settings:?}").contains(planted));
        let found = |key: &str| {
            let setting = settings.iter().find(|setting| setting.key == key);
            let setting = setting.expect(key);
            (setting.origin, setting.value.clone())
        };
        let text = |text: &str| Shown::Text(text.to_owned());
        assert_eq!(found("log"), (Origin::Default, text("info")));
        assert_eq!(found("bind"), (Origin::Flag, text("127.0.0.1:1")));
        let lease = (Origin::Environment, text("90"));
        assert_eq!(found("job_lease_seconds"), lease);
        assert_eq!(found("smtp_url"), (Origin::Environment, Shown::Secret));
        assert_eq!(found("resend_api_key"), (Origin::Default, Shown::Nothing));
        assert_eq!(found("cors_origins"), (Origin::Default, Shown::Nothing));
        assert_eq!(settings.len(), KEYS.len());
    }

    #[test]
    fn the_file_is_named_for_what_it_sets() {
        use figment::providers::{Format as _, Toml};
        let mut sources = Sources::default();
        let file = Figment::from(Toml::string("bind = 'localhost:1'\ncors_origins = ''"));
        sources.read(&file);
        let settings = sources.settings(&file);
        let from_file = settings
            .iter()
            .filter(|setting| setting.origin == Origin::File);
        let named: Vec<_> = from_file.map(|setting| setting.key).collect();
        assert_eq!(named, ["bind", "cors_origins"]);
    }
}
