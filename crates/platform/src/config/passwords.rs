//! Passwords that are set apart from the URLs that they belong to.

use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};

use super::{Config, ConfigError};
use crate::db::{ConnectError, DatabaseUrl};

impl Config {
    /// Adds each password that is set to its URL.
    ///
    /// # Errors
    /// When a password is set without its URL, or the URL has a password already or cannot have one.
    pub(super) fn add_passwords(&mut self) -> Result<(), ConfigError> {
        let is_postgres = |url: &SecretString| url.expose_secret().starts_with("postgres");
        // A SQLite installation that is to be moved has a password only for the new database.
        if self.database_url.as_ref().is_some_and(is_postgres) {
            add(&mut self.database_url, self.database_password.as_ref(), "DATABASE")?;
            // A replica has the users of its primary. Its URL may have the password nevertheless.
            if let (Some(url), Some(password)) = (&self.database_read_url, &self.database_password)
                && let Ok(added) = insert(url.expose_secret(), password)
            {
                self.database_read_url = Some(added);
            }
        }
        add(&mut self.redis_url, self.redis_password.as_ref(), "REDIS")?;
        add(&mut self.smtp_url, self.smtp_password.as_ref(), "SMTP")
    }

    /// Parses the URL of another database, with the configured password unless the URL has one.
    ///
    /// # Errors
    /// When the URL is for neither engine.
    pub fn other_database(&self, url: &str) -> Result<DatabaseUrl, ConnectError> {
        let with = |password: &SecretString| insert(url, password).ok();
        match self.database_password.as_ref().and_then(with) {
            Some(url) => url.expose_secret().parse(),
            None => url.parse(),
        }
    }
}

fn add(
    url: &mut Option<SecretString>,
    password: Option<&SecretString>,
    name: &str,
) -> Result<(), ConfigError> {
    let Some(password) = password else {
        return Ok(());
    };
    let added = match url {
        Some(url) => insert(url.expose_secret(), password),
        None => Err("is set without"),
    };
    let why = |why| ConfigError::Invalid(format!("{name}_PASSWORD {why} {name}_URL"));
    *url = Some(added.map_err(why)?);
    Ok(())
}

/// Inserts a password into a URL. The error is the middle of a sentence.
pub(super) fn insert(url: &str, password: &SecretString) -> Result<SecretString, &'static str> {
    let mut url: Url = url.parse().map_err(|_| "needs a valid URL with a host in")?;
    if url.password().is_some() {
        return Err("is set, but there is another password in");
    }
    // The URL encodes every other character that needs it.
    let password = password.expose_secret().replace('%', "%25");
    url.set_password(Some(&password)).map_err(|()| "needs a URL with a host in")?;
    Ok(String::from(url).into())
}

#[cfg(test)]
mod tests {
    use super::{super::Flags, *};

    fn load(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let variable = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Config::load(&variables.iter().map(variable).collect(), &Flags::default())
    }

    #[test]
    fn a_password_is_inserted_and_encoded() {
        let password = "p@ss/w:rd %".into();
        for (url, with) in [
            (
                "postgres://guild@db:5432/guild",
                "postgres://guild:p%40ss%2Fw%3Ard%20%25@db:5432/guild",
            ),
            ("redis://cache:6379/3", "redis://:p%40ss%2Fw%3Ard%20%25@cache:6379/3"),
            ("smtps://owl@mail.example", "smtps://owl:p%40ss%2Fw%3Ard%20%25@mail.example"),
        ] {
            let inserted = insert(url, &password).expect(url);
            assert_eq!(inserted.expose_secret(), with);
        }
        for wrong in ["postgres://guild:x@db/guild", "unix:///run/redis", "nothing"] {
            assert!(insert(wrong, &password).is_err(), "{wrong}");
        }
    }

    #[test]
    fn passwords_are_added_to_their_urls() {
        let config = load(&[
            ("DATABASE_URL", "postgres://guild@db/guild"),
            ("DATABASE_PASSWORD", "open sesame"),
            ("REDIS_URL", "redis://cache"),
            ("REDIS_PASSWORD", "open sesame"),
            ("SMTP_URL", "smtps://owl@mail.example"),
            ("SMTP_PASSWORD", "open sesame"),
            ("GUILDHALL_MAIL_FROM", "guild@guild.example"),
        ]);
        let config = config.expect("read");
        let url = config.database().expect("an address");
        let with = "postgres://guild:open%20sesame@db/guild";
        assert_eq!(url, DatabaseUrl::Postgres(with.to_owned()));
        for url in [&config.redis_url, &config.smtp_url] {
            let url = url.as_ref().expect("a URL").expose_secret();
            assert!(url.contains(":open%20sesame@"), "{url}");
        }
        for (wrong, says) in [
            (&[("REDIS_PASSWORD", "x")][..], "REDIS_PASSWORD is set without REDIS_URL"),
            (
                &[("DATABASE_PASSWORD", "x"), ("DATABASE_URL", "postgres://a:b@c/d")],
                "another password in DATABASE_URL",
            ),
        ] {
            let said = load(wrong).expect_err(says).to_string();
            assert!(said.contains(says), "{said}");
        }
        let waiting = load(&[("DATABASE_PASSWORD", "x")]).expect("for a move");
        let to = waiting.other_database("postgres://guild@db/guild");
        let with = "postgres://guild:x@db/guild".to_owned();
        assert_eq!(to.expect("an address"), DatabaseUrl::Postgres(with));
    }
}
