use secrecy::{ExposeSecret as _, SecretString};

use super::{Config, ConfigError};

impl Config {
    pub(super) fn refuse_empty_secrets(&self) -> Result<(), ConfigError> {
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

    pub(super) fn refuse_half_an_app(&self) -> Result<(), ConfigError> {
        match (&self.github_client_id, &self.github_client_secret) {
            (Some(_), None) | (None, Some(_)) => Err(ConfigError::Invalid(
                "GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET go together: set both, or none".into(),
            )),
            _ => Ok(()),
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
