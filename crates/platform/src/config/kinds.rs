//! The kinds of values: the text that each accepts, and the type that it is parsed into.

use std::{
    net::{SocketAddr, ToSocketAddrs as _},
    path::PathBuf,
};

use axum::http::Uri;
use secrecy::SecretString;

use super::{
    AlertChannels, BackupSchedule, CodeSite, CodeToken, CommunityMark, CommunityPicture,
    Environment, LogFormat, Network, PublicContact, backups, code_sites, community, contact,
};
use crate::crypto::RsaKey;

pub(super) struct Kind<T> {
    /// Describes the accepted text, for the error that rejects other text.
    allowed: &'static str,
    /// The inclusive range of a number.
    range: Option<(u64, u64)>,
    parse: fn(&str) -> Option<T>,
}

impl<T> Kind<T> {
    const fn text(allowed: &'static str, parse: fn(&str) -> Option<T>) -> Self {
        let range = None;
        Self { allowed, range, parse }
    }

    /// Parses a value. Only numbers may be written without quotation marks.
    pub(super) fn value(&self, text: &str, is_quoted: bool) -> Option<T> {
        let fits = match self.range {
            Some((least, most)) => (least..=most).contains(&text.parse().ok()?),
            None => is_quoted,
        };
        fits.then(|| (self.parse)(text)).flatten()
    }

    /// Describes the accepted text.
    pub(super) fn allowed(&self, is_quoted: bool) -> String {
        match self.range {
            Some((least, most)) => format!("{} from {least} to {most}", self.allowed),
            None if is_quoted => self.allowed.to_owned(),
            None => format!("{}, in double quotes", self.allowed),
        }
    }
}

/// Accepts whole numbers within a range.
pub(super) const fn whole<T: TryFrom<u64>>(least: u64, most: u64) -> Kind<T> {
    Kind {
        allowed: "a whole number",
        range: Some((least, most)),
        parse: |text| T::try_from(text.parse().ok()?).ok(),
    }
}

pub(super) const TEXT: Kind<String> = Kind::text("text", |text| Some(text.to_owned()));

pub(super) const SECRET: Kind<SecretString> = Kind::text("a secret", |text| Some(text.into()));

/// The number of bytes of the shortest secret that an operator may choose. Shorter ones can be guessed.
pub const SHORTEST_SECRET: usize = 16;

/// A secret that the operator chooses, unlike those that another service issues.
pub(super) const OWN_SECRET: Kind<SecretString> = Kind::text(
    "a secret of at least 16 bytes, such as the output of `openssl rand -hex 32`; see \"Upgrading\" in docs/operations.md \
     for replacing a shorter one",
    |text| (text.len() >= SHORTEST_SECRET).then(|| text.into()),
);

pub(super) const RSA_KEY: Kind<RsaKey> = Kind::text(
    "a private RSA key in PEM of 2048 to 4096 bits, which begins with -----BEGIN RSA PRIVATE KEY-----, as in the file that \
     GitHub creates for an App",
    RsaKey::from_pem,
);

pub(super) const DATABASE: Kind<SecretString> = Kind::text(
    "postgres://…, or a SQLite file such as sqlite:///var/lib/guildhall/guildhall.db; in-memory \
     databases are not supported",
    |url| (!is_in_memory(url)).then(|| url.into()),
);

pub(super) const REPLICA: Kind<SecretString> =
    Kind::text("postgres://… of a replica of the database in DATABASE_URL", |url| {
        let is_postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
        is_postgres.then(|| url.into())
    });

pub(super) const REDIS: Kind<SecretString> =
    Kind::text("redis://:PASSWORD@HOST:PORT/NUMBER, or redis://HOST", |url| {
        redis::Client::open(url).ok().map(|_| url.into())
    });

pub(super) const SMTP: Kind<SecretString> =
    Kind::text("a mail server such as smtps://NAME:PASSWORD@HOST or smtp://HOST:PORT", |url| {
        contact::is_server(url).then(|| url.into())
    });

pub(super) const SLACK: Kind<SecretString> =
    Kind::text("the webhook URL from Slack, https://hooks.slack.com/services/…", secret_address);

pub(super) const HEARTBEAT: Kind<SecretString> =
    Kind::text("the URL of a monitor, such as https://hc-ping.com/…", secret_address);

/// Reads an address on the web that is a secret.
fn secret_address(text: &str) -> Option<SecretString> {
    let url = reqwest::Url::parse(text).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    is_web.then(|| text.into())
}

pub(super) const DSN: Kind<SecretString> =
    Kind::text("the DSN of a project, such as https://KEY@sentry.example/42", |text| {
        is_dsn(text).then(|| text.into())
    });

pub(super) const FOLDER: Kind<PathBuf> =
    Kind::text("the path of a directory", |text| Some(PathBuf::from(text)));

pub(super) const BACKUPS: Kind<BackupSchedule> = Kind::text(
    "off, or the numbers of backups to keep, 1 to 1000 each, such as hourly=24, daily=7, weekly=5",
    BackupSchedule::read,
);

pub(super) const SWITCH: Kind<bool> = Kind::text("on or off", |text| match text {
    "on" => Some(true),
    "off" => Some(false),
    _ => None,
});

pub(super) const RECIPIENT: Kind<String> =
    Kind::text("the public key that `age-keygen` prints, age1…", backups::recipient);

pub(super) const COPY_COMMAND: Kind<String> = Kind::text(
    "a program with its arguments, one of which contains {file}, such as rclone copyto {file} far:backups/{name}",
    backups::command,
);

pub(super) const COMMUNITY: Kind<String> =
    Kind::text("a name of 1 to 60 characters, in one line", community::name);

pub(super) const DESCRIPTION: Kind<String> =
    Kind::text("a description of at most 300 characters, in one line", community::description);

pub(super) const MAINTENANCE: Kind<String> =
    Kind::text("a message of at most 300 characters, in one line", community::description);

pub(super) const MAINTENANCE_JOBS: Kind<String> =
    Kind::text("run or stop", |text| ["run", "stop"].contains(&text).then(|| text.to_owned()));

pub(super) const MARK: Kind<CommunityMark> = Kind::text(
    "the path of an SVG file without scripts or a PNG file with sides of at most 2048 pixels, of at most 64 KiB",
    CommunityMark::read,
);

pub(super) const PICTURE: Kind<CommunityPicture> = Kind::text(
    "the slug that a street is drawn from, such as fenwick-commons, or the path of an uploaded picture, /pictures/…",
    CommunityPicture::read,
);

pub(super) const CONTACT: Kind<PublicContact> = Kind::text(
    "an email address such as help@guild.example, or the URL of a page, https://HOST/…",
    PublicContact::read,
);

pub(super) const ENVIRONMENT: Kind<Environment> =
    Kind::text("development, preview, staging or production", |text| match text {
        "development" => Some(Environment::Development),
        "preview" => Some(Environment::Preview),
        "staging" => Some(Environment::Staging),
        "production" => Some(Environment::Production),
        _ => None,
    });

pub(super) const LOG_FORMAT: Kind<LogFormat> = Kind::text("json or pretty", |text| match text {
    "json" => Some(LogFormat::Json),
    "pretty" => Some(LogFormat::Pretty),
    _ => None,
});

pub(super) const LOG: Kind<String> = Kind::text(
    "log levels among error, warn, info, debug, trace and off, such as info or info,github=debug",
    |text| {
        // The parser panics at some characters outside ASCII.
        let is_filter = text.is_ascii() && tracing_subscriber::EnvFilter::try_new(text).is_ok();
        (is_filter && text.split(',').all(ends_with_level)).then(|| text.to_owned())
    },
);

pub(super) const BIND: Kind<SocketAddr> =
    Kind::text("HOST:PORT with a host that resolves, such as 127.0.0.1:8080", |text| {
        resolve(text).ok()
    });

pub(super) const BASE: Kind<String> =
    Kind::text("https://HOST, such as https://guild.example", base);

/// Stored exactly as written, because it is compared with the name that the issuer uses for itself.
pub(super) const ISSUER: Kind<String> =
    Kind::text(BASE.allowed, |text| base(text).map(|_| text.to_owned()));

pub(super) const ID_PREFIX: Kind<String> =
    Kind::text("at most 20 of a to z, 0 to 9 and -, such as staging-", |text| {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (text.len() <= 20 && text.bytes().all(is_plain)).then(|| text.to_owned())
    });

/// An amount in millionths of a dollar, so that sums are exact.
pub(super) const DOLLARS: Kind<u64> = Kind::text(
    "an amount in dollars of at most 1000000 with at most six decimals, such as 0.15",
    millionths,
);

pub(super) const MODEL: Kind<String> = Kind::text(
    "the name of a model of 1 to 100 characters without spaces, such as gpt-4o-mini",
    |text| {
        let is_name =
            text.len() <= 100 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        is_name.then(|| text.to_owned())
    },
);

pub(super) const SITE: Kind<String> =
    Kind::text("https://HOST without a path, such as https://guild.example", site);

pub(super) const ORIGINS: Kind<Vec<String>> =
    Kind::text("comma-separated sites without a path, such as https://board.example", |text| {
        list(text, |part| Some(site(part)?.to_ascii_lowercase()))
    });

pub(super) const CODE_HOSTS: Kind<Vec<CodeSite>> = Kind::text(
    "comma-separated code hosts, each once, as gitlab=https://HOST, gitea=https://HOST (also for Forgejo) or \
     bitbucket=https://bitbucket.org",
    |text| {
        let sites = list(text, |part| code_sites::code_site(part, site))?;
        code_sites::each_once(sites)
    },
);

pub(super) const CODE_TOKENS: Kind<Vec<CodeToken>> =
    Kind::text("comma-separated tokens of code hosts, such as gitlab.com=TOKEN", |text| {
        list(text, code_sites::code_token)
    });

pub(super) const ROLES: Kind<Vec<String>> =
    Kind::text("comma-separated, among moderator, admin and coach", |text| {
        list(text, |part| ["moderator", "admin", "coach"].contains(&part).then(|| part.to_owned()))
    });

pub(super) const GROUP_ROLES: Kind<Vec<(String, String)>> = Kind::text(
    "comma-separated groups, each with moderator or admin, such as admins:admin, staff:moderator",
    |text| list(text, group_role),
);

pub(super) const NETWORKS: Kind<Vec<Network>> =
    Kind::text("comma-separated addresses or networks, such as 10.0.0.0/8 or ::1", |text| {
        list(text, |part| part.parse().ok())
    });

pub(super) const SENDER: Kind<String> =
    Kind::text("an email address such as Guildhall <guild@guild.example>", |text| {
        contact::mailbox(text).map(|_| text.to_owned())
    });

pub(super) const EMAILS: Kind<Vec<String>> =
    Kind::text("comma-separated email addresses", |text| {
        list(text, |part| contact::is_mailbox(part).then(|| part.to_owned()))
    });

pub(super) const ALERT_CHANNELS: Kind<AlertChannels> = Kind::text(
    "channels among slack, email and sms, joined by +, or none, for each of critical, high and medium, and for kinds of alerts, such as \
     critical=slack+email+sms, high=slack+email, medium=email",
    AlertChannels::read,
);

pub(super) const PHONE: Kind<String> = Kind::text("a phone number such as +15551234567", phone);

pub(super) const PHONES: Kind<Vec<String>> =
    Kind::text("comma-separated phone numbers such as +15551234567", |text| list(text, phone));

/// Resolves `HOST:PORT`, where the host is a name or a number. If a name has several addresses, the first IPv4
/// address is used, so that `localhost` is the same everywhere.
///
/// # Errors
/// When the text is not an address, or its host does not resolve.
pub fn resolve(text: &str) -> Result<SocketAddr, String> {
    let form = "use HOST:PORT, such as 127.0.0.1:8080";
    let found: Vec<SocketAddr> = text
        .to_socket_addrs()
        .map_err(|error| format!("cannot resolve '{text}' ({error}): {form}"))?
        .collect();
    let best = found.iter().find(|address| address.is_ipv4());
    best.or(found.first())
        .copied()
        .ok_or_else(|| format!("'{text}' does not resolve to an address: {form}"))
}

/// Returns true if a text is a DSN: the URL of a service, with a key as its user and the number of a project as the end of its path.
fn is_dsn(text: &str) -> bool {
    reqwest::Url::parse(text).is_ok_and(|url| {
        let project = url.path().rsplit('/').next().unwrap_or_default();
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && !url.username().is_empty()
            && !project.is_empty()
            && project.bytes().all(|byte| byte.is_ascii_digit())
            && has_client(text)
    })
}

/// Returns true if the client of reports, if there is one, accepts a DSN.
#[cfg(feature = "sentry")]
fn has_client(dsn: &str) -> bool {
    dsn.parse::<sentry_core::types::Dsn>().is_ok()
}

#[cfg(not(feature = "sentry"))]
fn has_client(_: &str) -> bool {
    true
}

/// Returns true if a part of a filter says a level. The parser takes other words, such as `warning`, for targets, and would log
/// everything of them and nothing else.
fn ends_with_level(part: &str) -> bool {
    let level = part.rsplit_once('=').map_or(part, |(_, level)| level).trim();
    let levels = ["", "error", "warn", "info", "debug", "trace", "off"];
    levels.iter().any(|known| level.eq_ignore_ascii_case(known))
}

/// Parses a comma-separated list, if every part is valid. Empty text is an empty list.
fn list<T>(text: &str, one: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let parts = text.split(',').map(str::trim);
    parts.filter(|part| !part.is_empty()).map(one).collect()
}

/// Parses a decimal number as millionths.
fn millionths(text: &str) -> Option<u64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !are_digits(whole) || !are_digits(decimals) || decimals.len() > 6 || whole.len() > 7 {
        return None;
    }
    let (whole, decimals): (u64, u64) =
        (whole.parse().ok()?, format!("{decimals:0<6}").parse().ok()?);
    Some(whole * 1_000_000 + decimals).filter(|all| *all <= 1_000_000_000_000)
}

/// Parses a group, which may contain colons itself, and its role.
fn group_role(text: &str) -> Option<(String, String)> {
    let (group, role) = text.rsplit_once(':')?;
    let (group, role) = (group.trim(), role.trim());
    let is_valid = !group.is_empty() && ["moderator", "admin"].contains(&role);
    is_valid.then(|| (group.to_owned(), role.to_owned()))
}

fn phone(text: &str) -> Option<String> {
    contact::is_phone(text).then(|| text.to_owned())
}

/// Parses a URL that paths are appended to, and removes its trailing slash.
fn base(text: &str) -> Option<String> {
    let uri: Uri = text.parse().ok()?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https")) && uri.query().is_none();
    let has_user = uri.authority()?.as_str().contains('@');
    (is_web && !has_user).then(|| text.trim_end_matches('/').to_owned())
}

/// Parses a URL without a path.
fn site(text: &str) -> Option<String> {
    base(text).filter(|base| base.split_once("://").is_some_and(|(_, host)| !host.contains('/')))
}

fn is_in_memory(url: &str) -> bool {
    url.strip_prefix("sqlite:").is_some_and(|path| {
        let path = path.trim_start_matches('/');
        path.is_empty() || path.starts_with(":memory:") || path.contains("mode=memory")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_resolved() {
        for (text, address) in [
            ("localhost:8080", "127.0.0.1:8080"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("[::1]:0", "[::1]:0"),
        ] {
            assert_eq!(resolve(text).expect(text).to_string(), address);
        }
        for wrong in ["", "localhost", "localhost:x", "127.0.0.1", ":::"] {
            let said = resolve(wrong).expect_err(wrong);
            assert!(said.contains("use HOST:PORT"), "{said}");
        }
    }

    #[test]
    fn urls_are_stored_without_a_trailing_slash() {
        let site_of = site("https://guild.example/");
        assert_eq!(site_of.as_deref(), Some("https://guild.example"));
        let base_of = base("https://ghe.example/api/v3/");
        assert_eq!(base_of.as_deref(), Some("https://ghe.example/api/v3"));
        for wrong in [
            "",
            "guild.example",
            "ftp://guild.example",
            "https://",
            "https://a@guild.example",
            "https://guild.example/?x=1",
        ] {
            assert!(base(wrong).is_none(), "{wrong}");
        }
        assert!(site("https://guild.example/hall").is_none());
    }

    #[test]
    fn a_dsn_has_a_key_and_a_project() {
        let is_dsn = |text| DSN.value(text, true).is_some();
        for text in ["https://key@sentry.example/42", "http://key@127.0.0.1:9000/on/path/1"] {
            assert!(is_dsn(text), "{text}");
        }
        for text in
            ["", "key", "https://sentry.example/42", "https://key@sentry.example", "ftp://k@h/1"]
        {
            assert!(!is_dsn(text), "{text}");
        }
    }

    #[test]
    fn a_filter_of_log_lines_says_levels() {
        let is_filter = |text| LOG.value(text, true).is_some();
        for text in ["info", "WARN", "info,github=debug", "off", "info,platform::web=trace", ""] {
            assert!(is_filter(text), "{text}");
        }
        for text in ["warning", "info,github", "verbose", "github=warning", "info,=x=y"] {
            assert!(!is_filter(text), "{text}");
        }
    }

    #[test]
    fn amounts_are_exact() {
        for (text, expected) in [
            ("100", Some(100_000_000)),
            ("0.15", Some(150_000)),
            ("0", Some(0)),
            ("0.000001", Some(1)),
            ("1000000", Some(1_000_000_000_000)),
            ("1000000.1", None),
            ("0.0000001", None),
            ("-1", None),
            ("1e3", None),
            (".5", None),
            ("1.", None),
            ("", None),
        ] {
            assert_eq!(DOLLARS.value(text, true), expected, "{text}");
        }
    }

    #[test]
    fn groups_have_a_role_each() {
        let pair = |group: &str, role: &str| (group.to_owned(), role.to_owned());
        for (text, expected) in [
            ("", Some(vec![])),
            ("admins:admin", Some(vec![pair("admins", "admin")])),
            ("a:b : admin, c:moderator", Some(vec![pair("a:b", "admin"), pair("c", "moderator")])),
            ("admins", None),
            (":admin", None),
            ("admins:user", None),
        ] {
            assert_eq!(GROUP_ROLES.value(text, true), expected, "{text}");
        }
    }

    #[test]
    fn only_redis_urls_are_accepted() {
        let is_redis = |url| REDIS.value(url, true).is_some();
        for url in ["redis://cache", "redis://:secret@cache:6380/3", "unix:///run/redis"] {
            assert!(is_redis(url), "{url}");
        }
        for url in ["", "cache:6379", "http://cache", "redis://"] {
            assert!(!is_redis(url), "{url}");
        }
    }
}
