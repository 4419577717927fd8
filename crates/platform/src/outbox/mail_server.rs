//! The mail server of a community, as admins enter it.

use std::net::IpAddr;

use kernel::{Checks, Problem, ProblemKind};
use percent_encoding::percent_decode_str;
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};

/// The port of TLS from the first byte on.
const TLS_PORT: u16 = 465;
/// The port of submissions, on which TLS begins later.
const SUBMISSION_PORT: u16 = 587;
/// The port of a URL without one and without TLS.
const PLAIN_PORT: u16 = 25;

/// A mail server, without the password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailServer {
    /// A name or an IP address.
    pub host: String,
    pub port: u16,
    /// Empty for a server that asks for none.
    pub username: String,
}

impl MailServer {
    /// Reads what was typed. The fields are `host`, `port` and `username`.
    ///
    /// # Errors
    /// When the host is missing or no name or address, or the port is no number of a port.
    pub fn typed(host: &str, port: &str, username: &str) -> Result<Self, Problem> {
        let mut checks = Checks::default();
        let server = Self {
            host: checks.read(checked_host(host)),
            port: checks.read(checked_port(port)),
            username: username.trim().to_owned(),
        };
        checks.finish(server)
    }

    /// Reads the URL of a mail server; `None` if it is no URL with a host.
    #[must_use]
    pub fn of(url: &SecretString) -> Option<Self> {
        let url = Url::parse(url.expose_secret()).ok()?;
        let usual = match (url.scheme(), url.query()) {
            ("smtps", _) => TLS_PORT,
            (_, Some(_)) => SUBMISSION_PORT,
            (_, None) => PLAIN_PORT,
        };
        Some(Self {
            host: url.host_str()?.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(usual),
            username: percent_decode_str(url.username()).decode_utf8_lossy().into_owned(),
        })
    }

    /// Returns the URL, without a password. All but this machine is reached with TLS only.
    #[must_use]
    pub fn url(&self) -> String {
        let host = match self.host.parse::<IpAddr>() {
            Ok(IpAddr::V6(six)) => format!("[{six}]"),
            _ => self.host.clone(),
        };
        let scheme = if self.port == TLS_PORT { "smtps" } else { "smtp" };
        let plain = format!("{scheme}://{host}:{}", self.port);
        let Ok(mut url) = Url::parse(&plain) else {
            return plain;
        };
        if self.port != TLS_PORT && !self.is_here() {
            url.set_query(Some("tls=required"));
        }
        // The URL encodes every other character that needs it. It has a host, so it can have a name.
        url.set_username(&self.username.replace('%', "%25")).ok();
        url.into()
    }

    fn is_here(&self) -> bool {
        let address = self.host.parse::<IpAddr>();
        self.host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

fn checked_host(typed: &str) -> Result<String, Problem> {
    let host = typed.trim().trim_matches(['[', ']']).to_ascii_lowercase();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let is_address = host.parse::<IpAddr>().is_ok();
    let is_host = is_address || (!host.is_empty() && host.bytes().all(is_name));
    is_host.then_some(host).ok_or_else(|| {
        let detail = "Enter the name of the mail server alone, such as mail.guild.example. The port has its own field.";
        bad(detail).at("host")
    })
}

fn checked_port(typed: &str) -> Result<u16, Problem> {
    let port: Option<u16> = typed.trim().parse().ok();
    port.filter(|port| *port > 0).ok_or_else(|| {
        let detail = "Enter the number of the port: 587 or 465 at most mail servers.";
        bad(detail).at("port")
    })
}

fn bad(detail: &str) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_SETTING", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_server_becomes_a_url_and_back() {
        for (host, port, username, url) in [
            ("mail.guild.example", "465", "", "smtps://mail.guild.example:465"),
            (
                " Mail.guild.example ",
                " 587",
                "hall@guild.example",
                "smtp://hall%40guild.example@mail.guild.example:587?tls=required",
            ),
            ("mail", "2525", "50%", "smtp://50%25@mail:2525?tls=required"),
            ("localhost", "1025", "owl", "smtp://owl@localhost:1025"),
            ("127.0.0.1", "25", "", "smtp://127.0.0.1:25"),
            ("[::1]", "25", "", "smtp://[::1]:25"),
        ] {
            let server = MailServer::typed(host, port, username).expect(host);
            assert_eq!(server.url(), url);
            assert_eq!(MailServer::of(&url.into()).as_ref(), Some(&server), "{url}");
        }
        let of = |url: &str| MailServer::of(&url.into()).map(|server| server.port);
        assert_eq!(of("smtps://owl:secret@mail.example"), Some(465));
        assert_eq!(of("smtp://mail.example?tls=required"), Some(587));
        assert_eq!(of("smtp://mail.example"), Some(25));
        assert_eq!(of("mail.example"), None);
    }

    #[test]
    fn every_wrong_field_is_named() {
        let refused = MailServer::typed("smtp://mail.example", "high", "").expect_err("wrong");
        let fields: Vec<_> = refused.rejected().iter().map(|it| it.field).collect();
        assert_eq!(fields, ["host", "port"]);
        for (host, port) in [
            ("", "587"),
            ("mail.example:587", "587"),
            ("a b", "587"),
            ("mail.example/x", "587"),
            ("mail.example", "0"),
            ("mail.example", "65536"),
        ] {
            assert!(MailServer::typed(host, port, "").is_err(), "{host} {port}");
        }
    }
}
