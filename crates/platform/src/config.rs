//! The configuration: defaults, then what admins saved in the browser, then `guildhall.toml`, then the environment, then
//! flags. `keys` has the table of keys, `kinds` the values that each accepts, `layers` the sources of values, `stored`
//! what is saved in the browser, and `rules` the constraints across keys.

mod alert_channels;
mod backups;
mod code_sites;
mod community;
pub(crate) mod contact;
pub mod environment;
#[cfg(test)]
mod fuzz;
mod key;
mod keys;
mod kinds;
mod layers;
mod network;
mod passwords;
mod rules;
mod stored;

use std::{collections::BTreeMap, fmt, net::SocketAddr, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use self::{
    environment::{near_misses, near_switches},
    layers::Layers,
};
use crate::{
    crypto::{CryptoError, KeyRing},
    db::{ConnectError, DatabaseUrl, ReplicaPlace},
    jobs,
};

pub use alert_channels::AlertChannels;
pub use backups::BackupSchedule;
pub use code_sites::{CodeApi, CodeSite, CodeToken};
pub use community::{CommunityMark, CommunityPicture};
pub use contact::PublicContact;
pub use keys::{Config, LARGEST_BODY};
pub use kinds::{SHORTEST_SECRET, resolve};
pub use layers::{Origin, Setting, ShownValue};
pub use network::Network;
pub use stored::StoredValue;
pub(crate) use stored::{check, is_kept_secret};

/// The purpose of an installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Trying out and developing.
    Development,
    /// Showing a change before it is released. Pages say so, and search engines leave them out.
    Preview,
    /// Rehearsing a release. As [`Environment::Preview`].
    Staging,
    /// A community's own data. Sample data and fakes are refused.
    Production,
}

impl Environment {
    /// Returns the name, as in the configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Preview => "preview",
            Self::Staging => "staging",
            Self::Production => "production",
        }
    }

    /// Returns the name in the banner of a preview or staging server; `None` for others.
    #[must_use]
    pub fn banner_name(self) -> Option<&'static str> {
        match self {
            Self::Preview => Some("preview"),
            Self::Staging => Some("staging"),
            Self::Development | Self::Production => None,
        }
    }
}

/// Format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object per line.
    Json,
    /// Text for a person at a terminal.
    Pretty,
}

/// The parts of names of variables that enable or disable feature flags, also where `ENABLE_` or `_ENABLED` is misspelled
/// at its end.
const SWITCHES: &str = "ENABLE";

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A key is unknown, or two values conflict.
    #[error("invalid configuration: {0}")]
    Invalid(String),
    /// The text of a key is not valid. `found` says so without quoting secrets, and `allowed` describes valid text.
    #[error("invalid configuration: {key} ({variable}) {found}: it must be {allowed}")]
    Value { key: &'static str, variable: &'static str, found: String, allowed: String },
    /// The file that holds a value cannot be read.
    #[error("{variable}: cannot read the file {path}: {source}")]
    File { variable: String, path: String, source: std::io::Error },
    /// A variable of Guildhall, or a flag, is not UTF-8.
    #[error("{0} is not valid UTF-8: correct it, or leave it unset")]
    NotText(String),
}

/// Values from the command line, which override all others.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--config`: the configuration file; absent: `guildhall.toml` in the working directory, if there is one.
    pub config: Option<PathBuf>,
    /// `--data-dir`.
    pub data_dir: Option<PathBuf>,
    /// `--bind`.
    pub bind: Option<SocketAddr>,
}

impl Config {
    /// Reads the configuration file, `environment`, then `flags`. Stored settings are added when the database is
    /// open.
    ///
    /// # Errors
    /// When a key is unknown, a value is invalid or the file of a value cannot be read. The error names the key.
    pub fn load(
        environment: &BTreeMap<String, String>,
        flags: &Flags,
    ) -> Result<Self, ConfigError> {
        let mut layers = Layers::defaults(keys::KEYS);
        let file = layers.add_file(flags.config.as_deref())?;
        layers.add_environment(environment)?;
        layers.add_flags(flags)?;
        let mut config = Self::read(&layers)?;
        config.add_passwords()?;
        if let Some(says) = config.broken_rule() {
            return Err(ConfigError::Invalid(says.to_owned()));
        }
        let switches = environment.iter().filter(|(name, _)| name.contains(SWITCHES));
        config.switches = switches.map(|(k, v)| (k.clone(), v.clone())).collect();
        let key_file = environment.get("GUILDHALL_SECRET_KEY_FILE").filter(|path| !path.is_empty());
        config.secret_key_file = match key_file {
            Some(path) => Some(PathBuf::from(path)),
            None => layers.file_of("secret_key"),
        };
        config.near_misses = near_misses(environment);
        config.file = file;
        Ok(config)
    }

    /// Returns the address of the database.
    ///
    /// # Errors
    /// When `database_url` is for neither engine.
    pub fn database(&self) -> Result<DatabaseUrl, ConnectError> {
        use secrecy::ExposeSecret as _;
        match &self.database_url {
            Some(url) => url.expose_secret().parse(),
            None => Ok(DatabaseUrl::Sqlite(self.data_dir.join("guildhall.db"))),
        }
    }

    /// Returns the replica of the database; `None` without one.
    #[must_use]
    pub fn replica(&self) -> Option<ReplicaPlace> {
        use secrecy::ExposeSecret as _;
        let url = self.database_read_url.as_ref()?.expose_secret().to_owned();
        Some(ReplicaPlace { url, allowed: Duration::from_secs(self.replica_lag_seconds) })
    }

    /// Returns the keys that encrypt secrets at rest, creating the key file if it is missing.
    ///
    /// # Errors
    /// When a line is not a key, or the key file cannot be read or created.
    pub fn key_ring(&self) -> Result<KeyRing, CryptoError> {
        match &self.secret_key {
            Some(keys) => KeyRing::given(keys.clone(), self.secret_key_file.clone()),
            None => KeyRing::from_file(&self.key_file()),
        }
    }

    /// Returns the path of the key file, used when `secret_key` is absent.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.data_dir.join("secret.key")
    }

    /// Returns the folder of the copies of SQLite's log.
    #[must_use]
    pub fn backup_log_folder(&self) -> PathBuf {
        self.backup_folder().join("log")
    }

    /// Returns the folder of the backups that the server makes.
    #[must_use]
    pub fn backup_folder(&self) -> PathBuf {
        self.backup_dir.clone().unwrap_or_else(|| self.data_dir.join("backups"))
    }

    /// Returns true if keys already exist. [`Config::key_ring`] creates one if not.
    #[must_use]
    pub fn has_keys(&self) -> bool {
        self.secret_key.is_some() || self.key_file().exists()
    }

    /// Returns the URL of this server, without a trailing slash.
    #[must_use]
    pub fn site(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| url_at(self.bind))
    }

    /// Returns a command of this program for this data directory, such as `guildhall setup-code --data-dir /var/lib/guildhall`.
    #[must_use]
    pub fn command(&self, command: &str) -> String {
        let is_default = |setting: &Setting| setting.origin == Origin::Default;
        if self.setting("data_dir").is_none_or(is_default) {
            return format!("guildhall {command}");
        }
        let folder = self.data_dir.display().to_string();
        let is_plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
        if folder.chars().all(is_plain) {
            format!("guildhall {command} --data-dir {folder}")
        } else {
            format!("guildhall {command} --data-dir '{}'", folder.replace('\'', r"'\''"))
        }
    }

    /// Returns true if the server is reached over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        let url = self.public_url.as_deref();
        url.is_some_and(|url| url.starts_with("https:"))
    }

    /// Returns a contact for external services that have questions about this server: its URL, or its sender of
    /// email.
    #[must_use]
    pub fn contact(&self) -> String {
        match (&self.public_url, self.sender_address()) {
            (Some(url), _) if url.starts_with("https://") => url.clone(),
            (_, Some(address)) => format!("mailto:{address}"),
            _ => self.site(),
        }
    }

    /// Returns the contacts in an incident that are set, with their names, in the order in which operators turn to them.
    pub fn incident_contacts(&self) -> impl Iterator<Item = (&'static str, &PublicContact)> {
        let all = [
            ("Operations", &self.contact_operations),
            ("Engineering", &self.contact_engineering),
            ("Product", &self.contact_product),
        ];
        all.into_iter().filter_map(|(name, contact)| Some((name, contact.as_ref()?)))
    }

    /// Returns the email address that this server sends from.
    fn sender_address(&self) -> Option<String> {
        self.mail_from.as_deref().and_then(contact::mailbox)
    }

    /// Logs which configuration file was read, and which variables seem misspelled. `switches` are those of all flags.
    pub fn log_file(&self, switches: &[&'static str]) {
        match &self.file {
            Some(file) => tracing::info!(file = %file.display(), "read the configuration file"),
            None => tracing::info!("found no guildhall.toml in the working directory"),
        }
        for why in self.near_misses.iter().chain(&near_switches(&self.switches, switches)) {
            tracing::warn!("{why}");
        }
    }

    /// Returns true if this process runs no jobs, because the server is read-only and they stop meanwhile.
    #[must_use]
    pub fn stops_jobs(&self) -> bool {
        !self.maintenance.is_empty() && self.maintenance_jobs == "stop"
    }

    /// Returns the settings of the job runner.
    #[must_use]
    pub fn jobs(&self) -> jobs::Settings {
        let poll = Duration::from_millis(self.job_poll_milliseconds);
        jobs::Settings {
            lease: Duration::from_secs(self.job_lease_seconds),
            poll,
            linger: jobs::LINGER.min(poll),
        }
    }
}

/// Returns the URL at which people on the same machine open a server that listens on `bind`, without a trailing slash.
#[must_use]
pub fn url_at(bind: SocketAddr) -> String {
    if bind.ip().is_unspecified() {
        format!("http://localhost:{}", bind.port())
    } else {
        format!("http://{bind}")
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

#[cfg(test)]
mod tests;
