use secrecy::{ExposeSecret as _, SecretString};

use super::{Config, ConfigError};
use crate::{outbox, web};

impl Config {
    pub(super) fn refuse_empty_secrets(&self) -> Result<(), ConfigError> {
        let secrets = [
            ("github_webhook_secret", &self.github_webhook_secret),
            (
                "github_webhook_secret_previous",
                &self.github_webhook_secret_previous,
            ),
            ("github_client_secret", &self.github_client_secret),
            ("openid_client_secret", &self.openid_client_secret),
            ("smtp_url", &self.smtp_url),
            ("resend_api_key", &self.resend_api_key),
            ("slack_webhook_url", &self.slack_webhook_url),
            ("telnyx_api_key", &self.telnyx_api_key),
            ("secret_key", &self.secret_key),
            ("database_url", &self.database_url),
            ("redis_url", &self.redis_url),
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

    pub(super) fn refuse_a_secret_before_none(&self) -> Result<(), ConfigError> {
        match (
            &self.github_webhook_secret,
            &self.github_webhook_secret_previous,
        ) {
            (None, Some(_)) => Err(ConfigError::Invalid(
                "GITHUB_WEBHOOK_SECRET_PREVIOUS is set without GITHUB_WEBHOOK_SECRET: set the new \
                 secret too"
                    .into(),
            )),
            _ => Ok(()),
        }
    }

    pub(super) fn refuse_half_an_app(&self) -> Result<(), ConfigError> {
        match (&self.github_client_id, &self.github_client_secret) {
            (Some(_), None) | (None, Some(_)) => Err(ConfigError::Invalid(
                "GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET go together: set both, or none".into(),
            )),
            _ => Ok(()),
        }
    }

    pub(super) fn refuse_half_an_issuer(&self) -> Result<(), ConfigError> {
        let parts = (
            self.openid_issuer.is_some(),
            self.openid_client_id.is_some(),
            self.openid_client_secret.is_some(),
        );
        match parts {
            (true, true, true) | (false, false, false) => Ok(()),
            _ => Err(ConfigError::Invalid(
                "GUILDHALL_OPENID_ISSUER, GUILDHALL_OPENID_CLIENT_ID and \
                 GUILDHALL_OPENID_CLIENT_SECRET go together: set all three, or none"
                    .into(),
            )),
        }
    }

    /// What is refused is told without the mail server's address: its password stands in it.
    pub(super) fn refuse_half_a_mailer(&self) -> Result<(), ConfigError> {
        let (smtp, resend) = (self.smtp_url.as_ref(), self.resend_api_key.as_ref());
        let is_server = |url: &SecretString| outbox::is_server(url.expose_secret());
        let told = match (smtp, resend, self.mail_from.as_deref()) {
            (Some(_), Some(_), _) => {
                "SMTP_URL and RESEND_API_KEY are both set: mail goes one way, keep one"
            }
            (Some(_), None, None) | (None, Some(_), None) => {
                "mail_from (GUILDHALL_MAIL_FROM) is not set: write whom mail is from, such as \
                 Guildhall <hall@guild.example>"
            }
            (_, _, Some(from)) if !outbox::is_sender(from) => {
                "mail_from (GUILDHALL_MAIL_FROM) is no address of e-mail: write it as \
                 Guildhall <hall@guild.example>"
            }
            (Some(url), ..) if !is_server(url) => {
                "smtp_url (SMTP_URL) is no mail server: write smtps://NAME:PASSWORD@HOST, or \
                 smtp://HOST:PORT"
            }
            _ => return Ok(()),
        };
        Err(ConfigError::Invalid(told.to_owned()))
    }

    /// Its address is not told: a password may stand in it.
    pub(super) fn refuse_no_redis(&self) -> Result<(), ConfigError> {
        match &self.redis_url {
            Some(url) if !web::is_redis(url.expose_secret()) => Err(ConfigError::Invalid(
                "redis_url (REDIS_URL) is no address of a Redis: write \
                 redis://:PASSWORD@HOST:PORT/NUMBER, or redis://HOST"
                    .into(),
            )),
            _ => Ok(()),
        }
    }

    /// A push service that is named is called wherever it leads: only on a machine where somebody tries
    /// this out, and only on that machine.
    pub(super) fn refuse_services_of_others(&self) -> Result<(), ConfigError> {
        let is_here = |origin: &str| {
            let uri = origin.parse::<axum::http::Uri>().ok();
            let host = uri.and_then(|uri| uri.host().map(str::to_owned));
            host.is_some_and(|host| {
                let number = host.trim_start_matches('[').trim_end_matches(']');
                let number = number.parse::<std::net::IpAddr>();
                host == "localhost" || number.is_ok_and(|number| number.is_loopback())
            })
        };
        let of_house = self.public_url.iter().any(|url| !is_here(url));
        let of_service = self.push_services.iter().any(|url| !is_here(url));
        let is_tried_out = self.bind.ip().is_loopback() && !of_house && !of_service;
        match self.push_services.is_empty() || is_tried_out {
            true => Ok(()),
            false => Err(ConfigError::Invalid(
                "push_services (GUILDHALL_PUSH_SERVICES) is for trying out on one machine: leave it \
                 unset where bind, public_url or a service is of another"
                    .into(),
            )),
        }
    }

    pub(super) fn refuse_memory(&self) -> Result<(), ConfigError> {
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;

    #[test]
    fn what_is_no_redis_is_refused_without_its_password() {
        for (url, is_fine) in [
            ("redis://:hunter2@cache:6380/1", true),
            ("redis://cache", true),
            ("cache:hunter2", false),
            ("http://:hunter2@cache", false),
        ] {
            let environment = [("REDIS_URL".to_owned(), url.to_owned())];
            let loaded = Config::load(&environment.into(), &Flags::default());
            assert_eq!(loaded.is_ok(), is_fine, "{url}");
            let said = loaded.err().map(|error| error.to_string());
            let said = said.unwrap_or_else(|| "(REDIS_URL)".to_owned());
            assert!(
                said.contains("(REDIS_URL)") && !said.contains("hunter2"),
                "{said}"
            );
        }
    }

    #[test]
    fn services_are_named_where_somebody_tries_out_alone() {
        let load = |variables: &[(&str, &str)]| {
            let owned = variables
                .iter()
                .map(|&(name, value)| (name.to_owned(), value.to_owned()));
            Config::load(&owned.collect(), &Flags::default())
        };
        let service = ("GUILDHALL_PUSH_SERVICES", "http://127.0.0.1:2526");
        let named = load(&[service]).expect("tried out").push_services;
        assert_eq!(named, ["http://127.0.0.1:2526"]);
        load(&[service, ("GUILDHALL_PUBLIC_URL", "http://localhost:8080")]).expect("tried out");
        for variables in [
            vec![service, ("GUILDHALL_BIND", "0.0.0.0:8080")],
            vec![service, ("GUILDHALL_PUBLIC_URL", "https://guild.example")],
            vec![("GUILDHALL_PUSH_SERVICES", "http://10.0.0.1:2526")],
            vec![("GUILDHALL_PUSH_SERVICES", "https://push.example")],
            vec![("GUILDHALL_PUSH_SERVICES", "http://[::ffff:10.0.0.1]")],
        ] {
            let said = load(&variables).expect_err("refused").to_string();
            assert!(said.contains("GUILDHALL_PUSH_SERVICES"), "{said}");
        }
    }

    #[test]
    fn half_a_mailer_is_refused_without_its_password() {
        let load = |variables: &[(&str, &str)]| {
            let owned = variables
                .iter()
                .map(|&(name, value)| (name.to_owned(), value.to_owned()));
            Config::load(&owned.collect(), &Flags::default())
        };
        let server = ("SMTP_URL", "smtps://hall:hunter2@mail.example");
        let from = ("GUILDHALL_MAIL_FROM", "Guildhall <hall@guild.example>");
        let key = ("RESEND_API_KEY", "re_hunter2");
        load(&[server, from]).expect("a mail server");
        load(&[key, from]).expect("Resend");
        for (variables, says) in [
            (vec![server], "GUILDHALL_MAIL_FROM"),
            (vec![key], "GUILDHALL_MAIL_FROM"),
            (vec![server, key, from], "keep one"),
            (vec![server, ("GUILDHALL_MAIL_FROM", "hall")], "no address"),
            (vec![("SMTP_URL", "hunter2"), from], "no mail server"),
        ] {
            let said = load(&variables).expect_err("refused").to_string();
            assert!(said.contains(says) && !said.contains("hunter2"), "{said}");
        }
    }
}
