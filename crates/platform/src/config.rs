//! Configuration: `guildhall.toml`, then the environment, then flags.

mod address;
pub mod environment;
mod nearest;
mod ranges;
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

use crate::{
    crypto::{CryptoError, SecretKey},
    db::{ConnectError, DatabaseUrl},
    jobs,
};

pub use address::resolve;

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
    /// Signs deliveries of hooks that have no secret of their own.
    pub github_webhook_secret: Option<SecretString>,
    /// 64 hexadecimal digits that encrypt secrets at rest; absent: `secret.key` in `data_dir`.
    pub secret_key: Option<SecretString>,
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
}

/// Environment variables and the key each sets. `X_FILE` names a file that holds the value.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("GUILDHALL_DATA_DIR", "data_dir"),
    ("GUILDHALL_BIND", "bind"),
    ("DATABASE_URL", "database_url"),
    ("GITHUB_WEBHOOK_SECRET", "github_webhook_secret"),
    ("GUILDHALL_SECRET_KEY", "secret_key"),
    ("GUILDHALL_LOG_FORMAT", "log_format"),
    ("GUILDHALL_LOG", "log"),
    ("GUILDHALL_JOB_LEASE_SECONDS", "job_lease_seconds"),
    ("GUILDHALL_JOB_POLL_MILLISECONDS", "job_poll_milliseconds"),
    ("GUILDHALL_INBOX_BYTES_IN_FLIGHT", "inbox_bytes_in_flight"),
    (
        "GUILDHALL_DELIVERY_RETENTION_DAYS",
        "delivery_retention_days",
    ),
    ("GUILDHALL_PUBLIC_URL", "public_url"),
    ("GITHUB_CLIENT_ID", "github_client_id"),
    ("GITHUB_CLIENT_SECRET", "github_client_secret"),
    // Not GITHUB_API_URL: GitHub's own runners set that one.
    ("GUILDHALL_GITHUB_URL", "github_url"),
    ("GUILDHALL_GITHUB_API_URL", "github_api_url"),
];

const FILE: &str = "guildhall.toml";

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
        // This directory's alone: a file further up is not meant for this server.
        if Path::new(FILE).exists() {
            figment = figment.merge(Toml::file_exact(FILE));
        }
        refuse_unknown(environment)?;
        for &(variable, key) in ENVIRONMENT {
            if let Some(value) = from_environment(environment, variable)? {
                figment = figment.merge((key, typed(key, value)));
            }
        }
        if let Some(path) = &flags.data_dir {
            figment = figment.merge(("data_dir", path));
        }
        if let Some(bind) = &flags.bind {
            figment = figment.merge(("bind", bind));
        }
        let config: Self = figment
            .extract()
            .map_err(|error| ConfigError::Invalid(sentence::of(&error)))?;
        config.refuse_empty_secrets()?;
        config.refuse_what_is_out_of_range()?;
        config.refuse_memory()?;
        config.refuse_half_an_app()?;
        match tracing_subscriber::EnvFilter::try_new(&config.log) {
            Ok(_) => Ok(config),
            Err(_) => Err(ConfigError::Log(config.log)),
        }
    }

    fn refuse_empty_secrets(&self) -> Result<(), ConfigError> {
        use secrecy::ExposeSecret as _;
        let secrets = [
            ("github_webhook_secret", &self.github_webhook_secret),
            ("github_client_secret", &self.github_client_secret),
            ("secret_key", &self.secret_key),
            ("database_url", &self.database_url),
        ];
        let is_empty = |secret: &SecretString| secret.expose_secret().trim().is_empty();
        match secrets
            .into_iter()
            .find(|(_, secret)| secret.as_ref().is_some_and(is_empty))
        {
            Some((key, _)) => Err(ConfigError::EmptySecret(key)),
            None => Ok(()),
        }
    }

    fn refuse_half_an_app(&self) -> Result<(), ConfigError> {
        match (&self.github_client_id, &self.github_client_secret) {
            (Some(_), None) | (None, Some(_)) => Err(ConfigError::Invalid(
                "GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET go together: set both, or none".into(),
            )),
            _ => Ok(()),
        }
    }

    fn refuse_memory(&self) -> Result<(), ConfigError> {
        use secrecy::ExposeSecret as _;
        let url = self.database_url.as_ref().map(SecretString::expose_secret);
        let path = url.and_then(|url| url.strip_prefix("sqlite:"));
        let is_in_memory = |path: &str| {
            let path = path.trim_start_matches('/');
            path.is_empty() || path.starts_with(":memory:") || path.contains("mode=memory")
        };
        match path {
            Some(path) if is_in_memory(path) => Err(ConfigError::InMemory),
            _ => Ok(()),
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

    /// The key that encrypts secrets at rest.
    ///
    /// # Errors
    /// When it is no key, or its file cannot be read or made.
    pub fn secret_key(&self) -> Result<SecretKey, CryptoError> {
        match &self.secret_key {
            Some(key) => SecretKey::from_hex(key, "secret_key (GUILDHALL_SECRET_KEY)"),
            None => SecretKey::from_file(&self.data_dir.join("secret.key")),
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
            if key.ends_with("seconds") || key.starts_with("inbox_") || key.ends_with("_days") =>
        {
            number.into()
        }
        _ => value.into(),
    }
}

/// A key, and the variable that sets it.
fn named(key: &str) -> String {
    match ENVIRONMENT.iter().find(|(_, known)| *known == key) {
        Some((variable, _)) => format!("{key} ({variable})"),
        None => key.to_owned(),
    }
}

fn refuse_unknown(environment: &BTreeMap<String, String>) -> Result<(), ConfigError> {
    let known = |name: &str| {
        let name = name.strip_suffix("_FILE").unwrap_or(name);
        name == "GUILDHALL_CRASH_AT" || ENVIRONMENT.iter().any(|(variable, _)| *variable == name)
    };
    match environment
        .keys()
        .find(|name| name.starts_with("GUILDHALL_") && !known(name))
    {
        Some(name) => {
            let known = ENVIRONMENT.iter().map(|(variable, _)| *variable);
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
mod tests {
    use super::*;

    fn load(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let environment = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Config::load(&environment, &Flags::default())
    }

    #[test]
    fn defaults_are_one_machine() {
        let config = load(&[]).expect("defaults");
        assert_eq!(
            config.database().expect("a place"),
            DatabaseUrl::Sqlite("data/guildhall.db".into())
        );
        assert_eq!(config.bind.to_string(), "127.0.0.1:8080");
    }

    #[test]
    fn the_environment_is_over_the_defaults_and_flags_are_over_it() {
        let variables = [
            ("GUILDHALL_BIND", "0.0.0.0:80"),
            ("GITHUB_WEBHOOK_SECRET", "12345"),
        ];
        let config = load(&variables).expect("read");
        assert_eq!(config.bind.to_string(), "0.0.0.0:80");
        assert!(config.github_webhook_secret.is_some());
        let environment = BTreeMap::from([("GUILDHALL_BIND".to_owned(), "0.0.0.0:80".to_owned())]);
        let flags = Flags {
            bind: Some("127.0.0.1:1".parse().expect("an address")),
            ..Flags::default()
        };
        let config = Config::load(&environment, &flags).expect("read");
        assert_eq!(config.bind.to_string(), "127.0.0.1:1");
    }

    #[test]
    fn mistakes_name_their_key() {
        let message =
            |variables: &[(&str, &str)]| load(variables).expect_err("refused").to_string();
        assert_eq!(
            message(&[("GUILDHALL_LOG_FORMAT", "xml")]),
            "the configuration cannot be used: log_format (GUILDHALL_LOG_FORMAT) is 'xml': \
             write json or pretty"
        );
        assert!(message(&[("GUILDHALL_BIND", "nowhere")]).contains("bind (GUILDHALL_BIND): "));
        assert!(
            message(&[("GUILDHALL_JOB_LEASE_SECONDS", "soon")]).ends_with(
                "job_lease_seconds (GUILDHALL_JOB_LEASE_SECONDS) is 'soon': write a whole number"
            )
        );
        assert!(message(&[("GUILDHALL_LOG", "info,=x=y")]).contains("log is"));
        assert!(
            message(&[("GUILDHALL_BINDD", "x")])
                .contains("GUILDHALL_BINDD; did you mean 'GUILDHALL_BIND'? docs")
        );
        for memory in [
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite://",
            "sqlite:x?mode=memory",
        ] {
            assert!(message(&[("DATABASE_URL", memory)]).contains("in memory"));
        }
        assert!(message(&[("DATABASE_URL_FILE", "/nonexistent")]).contains("DATABASE_URL_FILE"));
        assert!(message(&[("DATABASE_URL", "x"), ("DATABASE_URL_FILE", "y")]).contains("both set"));
    }

    #[test]
    fn mistakes_in_the_file_are_told_without_its_secrets() {
        let told = |toml: &str| {
            let figment = Figment::from(Serialized::defaults(DEFAULTS)).merge(Toml::string(toml));
            let error = figment.extract::<Config>().expect_err("refused");
            sentence::of(&error)
        };
        for (toml, says) in [
            (
                "bindd = 'x'",
                "guildhall.toml has the unknown key 'bindd'; did you mean 'bind'? docs",
            ),
            ("colour = 'x'", "has the unknown key 'colour': docs"),
            ("bind = 8080", "bind (GUILDHALL_BIND) is "),
            ("data_dir = 1", "write the path of a folder"),
            ("secret_key = 40414243", "must be text, in quotation marks"),
            ("secret_key = 40414243x", "guildhall.toml cannot be read: "),
        ] {
            let said = told(toml);
            assert!(said.contains(says) && !said.contains("40414243"), "{said}");
        }
    }

    #[test]
    fn a_bad_key_is_told_by_where_it_stands() {
        let config = load(&[("GUILDHALL_SECRET_KEY", "short")]).expect("read");
        let said = config.secret_key().expect_err("no key").to_string();
        assert!(said.contains("GUILDHALL_SECRET_KEY"), "{said}");
    }

    #[test]
    fn an_empty_secret_is_refused() {
        let path = std::env::temp_dir().join(format!("guildhall-empty-{}", std::process::id()));
        std::fs::write(&path, "\n").expect("written");
        let file = path.to_string_lossy().into_owned();
        let refused = load(&[("GITHUB_WEBHOOK_SECRET_FILE", &file)]).expect_err("refused");
        assert!(
            refused.to_string().contains("github_webhook_secret"),
            "{refused}"
        );
        std::fs::remove_file(&path).expect("removed");
    }
}
