//! Configuration: `guildhall.toml`, then the environment, then flags.

mod address;
mod alerts;
pub mod environment;
mod in_force;
mod keys;
mod nearest;
mod network;
mod ranges;
mod refusals;
mod sentence;
mod web_address;

use std::{
    collections::BTreeMap,
    fmt, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use self::{in_force::Sources, keys::KEYS};
use crate::{
    crypto::{CryptoError, KeyRing},
    db::{ConnectError, DatabaseUrl},
    jobs, outbox,
};

pub use address::resolve;
pub use in_force::{Origin, Setting, Shown};
pub use network::{Network, beginning};

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For a person at a terminal.
    Pretty,
}

/// The configuration in force. Secrets are never printed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the SQLite database and the key file live.
    pub data_dir: PathBuf,
    /// The address the server listens on.
    #[serde(deserialize_with = "address::read")]
    pub bind: SocketAddr,
    /// `postgres://…` or `sqlite://…`; absent: SQLite in `data_dir`.
    pub database_url: Option<SecretString>,
    /// The Redis by which all processes count rates together; absent: each counts for itself.
    pub redis_url: Option<SecretString>,
    /// Signs deliveries of hooks that have no secret of their own.
    pub github_webhook_secret: Option<SecretString>,
    /// Signed them before, and still counts while hooks are given the new one.
    pub github_webhook_secret_previous: Option<SecretString>,
    /// The keys that encrypt secrets at rest, 64 hexadecimal digits a line, the newest first; absent:
    /// `secret.key` in `data_dir`.
    pub secret_key: Option<SecretString>,
    /// The file of the operator's that holds them.
    #[serde(skip)]
    pub secret_key_file: Option<PathBuf>,
    /// How log lines are written.
    pub log_format: LogFormat,
    /// What is logged, such as `info` or `info,github=debug`.
    pub log: String,
    /// Seconds a worker may take for a batch before its work becomes due again.
    pub job_lease_seconds: u64,
    /// Milliseconds after which a sleeping job looks by itself.
    pub job_poll_milliseconds: u64,
    /// Bytes of deliveries that may be in memory at once before new ones are told to come later.
    pub inbox_bytes_in_flight: usize,
    /// Days a delivery's body is kept.
    pub delivery_retention_days: i64,
    /// Where people reach this server, such as `https://guild.example`; absent: as they address it.
    #[serde(default, deserialize_with = "web_address::read_site")]
    pub public_url: Option<String>,
    /// The OAuth app by which people sign in.
    pub github_client_id: Option<String>,
    /// Its secret.
    pub github_client_secret: Option<SecretString>,
    /// Where people sign in at GitHub.
    #[serde(deserialize_with = "web_address::read")]
    pub github_url: String,
    /// Where GitHub's API is.
    #[serde(deserialize_with = "web_address::read")]
    pub github_api_url: String,
    /// An OpenID Connect issuer by which people sign in as well, as it names itself.
    #[serde(default, deserialize_with = "web_address::read_issuer")]
    pub openid_issuer: Option<String>,
    /// The name by which it knows this server.
    pub openid_client_id: Option<String>,
    /// Its secret.
    pub openid_client_secret: Option<SecretString>,
    /// What people call it; absent: its host.
    pub openid_name: Option<String>,
    /// The mail server: `smtps://NAME:PASSWORD@HOST`.
    pub smtp_url: Option<SecretString>,
    /// The key of Resend's API, which sends e-mail instead of a mail server.
    pub resend_api_key: Option<SecretString>,
    /// Where Resend's API is.
    #[serde(deserialize_with = "web_address::read")]
    pub resend_url: String,
    /// Whom e-mail is from: `Guildhall <hall@guild.example>`.
    pub mail_from: Option<String>,
    /// Slack's incoming webhook, at which operators are alerted.
    pub slack_webhook_url: Option<SecretString>,
    /// The key of Telnyx's API, by which operators are sent text messages.
    pub telnyx_api_key: Option<SecretString>,
    /// Where Telnyx's API is.
    #[serde(deserialize_with = "web_address::read")]
    pub telnyx_url: String,
    /// The number that text messages are from: `+15551234567`.
    pub telnyx_from: Option<String>,
    /// The messaging profile that they go by.
    pub telnyx_messaging_profile: Option<String>,
    /// Whom alerts are mailed to.
    #[serde(deserialize_with = "alerts::read")]
    pub alert_emails: Vec<String>,
    /// The numbers that are woken by what is critical.
    #[serde(deserialize_with = "alerts::read")]
    pub alert_phones: Vec<String>,
    /// Hours that an incident lasts before it is told again.
    pub alert_again_hours: i64,
    /// Minutes that a message may be due before operators are told.
    pub alert_outbox_minutes: i64,
    /// Push services that may be called beside the public ones, on this machine: for trying out.
    #[serde(deserialize_with = "web_address::read_origins")]
    pub push_services: Vec<String>,
    /// Requests a minute that one address, or one /64 of IPv6, may send.
    pub requests_per_minute: u64,
    /// Requests a minute that one person may send, from wherever.
    pub person_requests_per_minute: u64,
    /// Requests a minute that may be sent by one of a person's tokens.
    pub token_requests_per_minute: u64,
    /// Proxies whose `X-Forwarded-For` is believed.
    #[serde(deserialize_with = "network::read")]
    pub trusted_proxies: Vec<Network>,
    /// Addresses that may send as many requests as they like.
    #[serde(deserialize_with = "network::read")]
    pub exempt_networks: Vec<Network>,
    /// Sites whose pages may read what is public, as nobody.
    #[serde(deserialize_with = "web_address::read_origins")]
    pub cors_origins: Vec<String>,
    /// The environment's word for each flag, by its variable.
    #[serde(skip)]
    pub switches: BTreeMap<String, String>,
    /// Every key as it is in force, for admins.
    #[serde(skip)]
    pub settings: Vec<Setting>,
}

const FILE: &str = "guildhall.toml";

/// What the variables begin with that permit or forbid what flags switch.
const SWITCH: &str = "ENABLE_";

/// The largest body of a delivery that is taken, in bytes: the largest that GitHub sends.
pub const LARGEST_BODY: usize = 25 * 1024 * 1024;

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A key is unknown or a value is bad.
    #[error("the configuration cannot be used: {0}")]
    Invalid(String),
    /// A secret's file cannot be read.
    #[error("{variable} names a file that cannot be read ({path}): {source}")]
    File {
        /// The variable.
        variable: String,
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// `log` is no filter.
    #[error(
        "the configuration cannot be used: log is '{0}'; write it as info or info,github=debug"
    )]
    Log(String),
    /// Both `X` and `X_FILE` are set.
    #[error("{0} and {0}_FILE are both set: keep one")]
    Twice(&'static str),
    /// An empty secret lets everybody sign.
    #[error("{0} is set but empty: give it a value or leave it unset")]
    EmptySecret(&'static str),
    /// A database that ends with the process.
    #[error(
        "DATABASE_URL names a database in memory, which is lost at the end and cannot be shared by \
         connections: name a file, such as sqlite:///var/lib/guildhall/guildhall.db, or leave it \
         unset to use the data directory"
    )]
    InMemory,
    /// A variable of ours that no text can be made of.
    #[error("{0} is not UTF-8 text: set it anew, or leave it unset")]
    NotText(String),
    /// A variable with our prefix that means nothing, and what may have been meant.
    #[error("unknown environment variable {0}{1} docs/configuration.md has the list")]
    UnknownVariable(String, String),
}

/// What flags say, over everything else.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--data-dir`.
    pub data_dir: Option<PathBuf>,
    /// `--bind`.
    pub bind: Option<SocketAddr>,
}

#[derive(Serialize)]
struct Defaults {
    data_dir: &'static str,
    bind: &'static str,
    log_format: LogFormat,
    log: &'static str,
    job_lease_seconds: u64,
    job_poll_milliseconds: u64,
    inbox_bytes_in_flight: usize,
    delivery_retention_days: i64,
    github_url: &'static str,
    github_api_url: &'static str,
    resend_url: &'static str,
    telnyx_url: &'static str,
    alert_emails: &'static str,
    alert_phones: &'static str,
    alert_again_hours: i64,
    alert_outbox_minutes: i64,
    push_services: &'static str,
    requests_per_minute: u64,
    person_requests_per_minute: u64,
    token_requests_per_minute: u64,
    trusted_proxies: &'static str,
    exempt_networks: &'static str,
    cors_origins: &'static str,
}

const DEFAULTS: Defaults = Defaults {
    data_dir: "data",
    bind: "127.0.0.1:8080",
    log_format: LogFormat::Json,
    log: "info",
    job_lease_seconds: 60,
    job_poll_milliseconds: 500,
    inbox_bytes_in_flight: 256 * 1024 * 1024,
    delivery_retention_days: 90,
    github_url: "https://github.com",
    github_api_url: "https://api.github.com",
    resend_url: "https://api.resend.com",
    telnyx_url: "https://api.telnyx.com",
    alert_emails: "",
    alert_phones: "",
    alert_again_hours: 6,
    alert_outbox_minutes: 30,
    push_services: "",
    requests_per_minute: 1200,
    person_requests_per_minute: 1200,
    token_requests_per_minute: 600,
    trusted_proxies: "",
    exempt_networks: "",
    cors_origins: "",
};

impl Config {
    /// Reads `guildhall.toml` in the working directory, `environment`, then `flags`.
    ///
    /// # Errors
    /// When a key is unknown, a value is bad or a secret's file cannot be read; says which.
    pub fn load(
        environment: &BTreeMap<String, String>,
        flags: &Flags,
    ) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(DEFAULTS));
        let mut sources = Sources::default();
        // This directory's alone: a file further up is not meant for this server.
        if Path::new(FILE).exists() {
            let file = Toml::file_exact(FILE);
            sources.read(&Figment::from(&file));
            figment = figment.merge(file);
        }
        refuse_unknown(environment)?;
        for key in KEYS {
            if let Some(value) = from_environment(environment, key.variable)? {
                sources.set(key.name, Origin::Environment);
                figment = figment.merge((key.name, typed(key.name, value)));
            }
        }
        if let Some(path) = &flags.data_dir {
            sources.set("data_dir", Origin::Flag);
            figment = figment.merge(("data_dir", path));
        }
        if let Some(bind) = &flags.bind {
            sources.set("bind", Origin::Flag);
            figment = figment.merge(("bind", bind));
        }
        let mut config: Self = figment
            .extract()
            .map_err(|error| ConfigError::Invalid(sentence::of(&error)))?;
        config.settings = sources.settings(&figment);
        let switches = environment
            .iter()
            .filter(|(name, _)| name.starts_with(SWITCH));
        config.switches = switches.map(|(k, v)| (k.clone(), v.clone())).collect();
        let file = environment.get("GUILDHALL_SECRET_KEY_FILE");
        config.secret_key_file = file.filter(|path| !path.is_empty()).map(PathBuf::from);
        config.refuse_empty_secrets()?;
        config.refuse_what_is_out_of_range()?;
        config.refuse_memory()?;
        config.refuse_no_redis()?;
        config.refuse_a_secret_before_none()?;
        config.refuse_half_an_app()?;
        config.refuse_half_an_issuer()?;
        config.refuse_half_a_mailer()?;
        config.refuse_services_of_others()?;
        config.refuse_alerts_to_nobody()?;
        match tracing_subscriber::EnvFilter::try_new(&config.log) {
            Ok(_) => Ok(config),
            Err(_) => Err(ConfigError::Log(config.log)),
        }
    }

    /// Where the database is.
    ///
    /// # Errors
    /// When `database_url` is of neither engine.
    pub fn database(&self) -> Result<DatabaseUrl, ConnectError> {
        use secrecy::ExposeSecret as _;
        match &self.database_url {
            Some(url) => url.expose_secret().parse(),
            None => Ok(DatabaseUrl::Sqlite(self.data_dir.join("guildhall.db"))),
        }
    }

    /// The keys that encrypt secrets at rest.
    ///
    /// # Errors
    /// When a line is no key, or their file cannot be read or made.
    pub fn key_ring(&self) -> Result<KeyRing, CryptoError> {
        match &self.secret_key {
            Some(keys) => KeyRing::given(keys.clone(), self.secret_key_file.clone()),
            None => KeyRing::from_file(&self.key_file()),
        }
    }

    /// Where the keys stand that are not given.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.data_dir.join("secret.key")
    }

    /// Whether there are keys already: [`Config::key_ring`] makes one where there is none.
    #[must_use]
    pub fn has_keys(&self) -> bool {
        self.secret_key.is_some() || self.key_file().exists()
    }

    /// Where people reach this server, without a slash at the end.
    #[must_use]
    pub fn site(&self) -> String {
        let here = || format!("http://{}", self.bind);
        self.public_url.clone().unwrap_or_else(here)
    }

    /// Whom an outside service may ask about this server: its address, or whom its mail is from.
    #[must_use]
    pub fn contact(&self) -> String {
        let from = self.mail_from.as_deref().and_then(outbox::mailbox);
        match (&self.public_url, from) {
            (Some(url), _) if url.starts_with("https://") => url.clone(),
            (_, Some(address)) => format!("mailto:{address}"),
            _ => self.site(),
        }
    }

    /// How the job runner works.
    #[must_use]
    pub fn jobs(&self) -> jobs::Settings {
        jobs::Settings {
            lease: Duration::from_secs(self.job_lease_seconds),
            poll: Duration::from_millis(self.job_poll_milliseconds),
            linger: jobs::runner::LINGER.min(Duration::from_millis(self.job_poll_milliseconds)),
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("data_dir", &self.data_dir)
            .field("bind", &self.bind)
            .finish_non_exhaustive()
    }
}

/// A text stays text even where it looks like a number; the rest is read by its shape.
fn typed(key: &str, value: String) -> figment::value::Value {
    match value.parse::<u64>() {
        Ok(number)
            if [
                "seconds", "_flight", "_days", "_hours", "_minute", "_minutes",
            ]
            .iter()
            .any(|unit| key.ends_with(unit)) =>
        {
            number.into()
        }
        _ => value.into(),
    }
}

/// A key, and the variable that sets it.
fn named(key: &str) -> String {
    match KEYS.iter().find(|known| known.name == key) {
        Some(known) => format!("{key} ({})", known.variable),
        None => key.to_owned(),
    }
}

fn refuse_unknown(environment: &BTreeMap<String, String>) -> Result<(), ConfigError> {
    let known = |name: &str| {
        let name = name.strip_suffix("_FILE").unwrap_or(name);
        name == "GUILDHALL_CRASH_AT" || KEYS.iter().any(|key| key.variable == name)
    };
    match environment
        .keys()
        .find(|name| name.starts_with("GUILDHALL_") && !known(name))
    {
        Some(name) => {
            let known = KEYS.iter().map(|key| key.variable);
            let hint = nearest::hint(name, known);
            Err(ConfigError::UnknownVariable(name.clone(), hint))
        }
        None => Ok(()),
    }
}

fn from_environment(
    environment: &BTreeMap<String, String>,
    variable: &'static str,
) -> Result<Option<String>, ConfigError> {
    let file_variable = format!("{variable}_FILE");
    // An empty variable is an unset one: compose files pass those through.
    let get = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    match (get(variable), get(&file_variable)) {
        (Some(_), Some(_)) => Err(ConfigError::Twice(variable)),
        (Some(value), None) => Ok(Some(value.clone())),
        (None, Some(path)) => match fs::read_to_string(Path::new(path)) {
            Ok(text) => Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned())),
            Err(source) => Err(ConfigError::File {
                variable: file_variable,
                path: path.clone(),
                source,
            }),
        },
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests;
