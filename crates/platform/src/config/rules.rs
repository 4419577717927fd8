//! Constraints across several keys.

use super::{CodeSite, Config, Environment};
use crate::db::DatabaseUrl;

impl Config {
    /// Returns the error of the first broken rule. It quotes no secret.
    pub(super) fn broken_rule(&self) -> Option<&'static str> {
        let has_mailer = self.smtp_url.is_some() || self.resend_api_key.is_some();
        let openid = [
            self.openid_issuer.is_some(),
            self.openid_client_id.is_some(),
            self.openid_client_secret.is_some(),
        ];
        let app = [
            self.github_app_id.is_some(),
            self.github_app_private_key.is_some(),
            self.github_app_webhook_secret.is_some(),
        ];
        let storage = [
            self.backup_s3_url.is_some(),
            self.backup_s3_bucket.is_some(),
            self.backup_s3_access_key.is_some(),
            self.backup_s3_secret_key.is_some(),
        ];
        let rules = [
            (
                storage.contains(&true) && storage.contains(&false),
                "backup_s3_url, backup_s3_bucket, backup_s3_access_key and backup_s3_secret_key \
                 (GUILDHALL_BACKUP_S3_…) must be set together: set all four, or none",
            ),
            (
                self.backup_log && self.is_on_postgres(),
                "backup_log (GUILDHALL_BACKUP_LOG) is on, but DATABASE_URL is a PostgreSQL server: set it to off, and archive \
                 PostgreSQL's own log",
            ),
            (
                self.database_read_url.is_some() && !self.is_on_postgres(),
                "DATABASE_READ_URL is set, but DATABASE_URL is not a PostgreSQL server: set both, or neither",
            ),
            (
                self.sentry_dsn.is_some() && !cfg!(feature = "sentry"),
                "SENTRY_DSN is set, but this program was built without the feature sentry: unset it, or build with it",
            ),
            (
                self.otlp_endpoint.is_some() && !cfg!(feature = "otlp"),
                "OTEL_EXPORTER_OTLP_ENDPOINT is set, but this program was built without the feature otlp: unset it, or build with it",
            ),
            (
                self.github_webhook_secret_previous.is_some()
                    && self.github_webhook_secret.is_none(),
                "GITHUB_WEBHOOK_SECRET_PREVIOUS is set without GITHUB_WEBHOOK_SECRET: set the new \
                 secret too",
            ),
            (
                self.github_client_id.is_some() != self.github_client_secret.is_some(),
                "GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET must be set together: set both, or neither",
            ),
            (
                app.contains(&true) && app.contains(&false),
                "GUILDHALL_GITHUB_APP_ID, GUILDHALL_GITHUB_APP_PRIVATE_KEY and \
                 GUILDHALL_GITHUB_APP_WEBHOOK_SECRET must be set together: set all three, or none",
            ),
            (
                self.github_app_webhook_secret_previous.is_some()
                    && self.github_app_webhook_secret.is_none(),
                "GUILDHALL_GITHUB_APP_WEBHOOK_SECRET_PREVIOUS is set without \
                 GUILDHALL_GITHUB_APP_WEBHOOK_SECRET: set the new secret too",
            ),
            (
                self.environment == Environment::Production
                    && self.code_hosts.iter().any(|site| !site.address.starts_with("https://")),
                "code_hosts (GUILDHALL_CODE_HOSTS) has an address without TLS: use https in production",
            ),
            (
                self.has_unused_code_token(),
                "code_host_tokens (GUILDHALL_CODE_HOST_TOKENS) has a token for a host that is not in code_hosts: add the \
                 host, or remove the token",
            ),
            (
                self.game_platform_api_base_url.is_some() != self.game_platform_api_token.is_some(),
                "GAME_PLATFORM_API_BASE_URL and GAME_PLATFORM_API_TOKEN must be set together: set both, or neither",
            ),
            (
                self.internal_sync_secret_previous.is_some() && self.internal_sync_secret.is_none(),
                "INTERNAL_SYNC_SECRET_PREVIOUS is set without INTERNAL_SYNC_SECRET: set the new secret \
                 too",
            ),
            (
                openid.contains(&true) && openid.contains(&false),
                "GUILDHALL_OPENID_ISSUER, GUILDHALL_OPENID_CLIENT_ID and \
                 GUILDHALL_OPENID_CLIENT_SECRET must be set together: set all three, or none",
            ),
            (
                self.smtp_url.is_some() && self.resend_api_key.is_some(),
                "SMTP_URL and RESEND_API_KEY are both set: unset one of them",
            ),
            (
                has_mailer && self.mail_from.is_none(),
                "mail_from (GUILDHALL_MAIL_FROM) is not set: set it to the sender of emails, such as \
                 Guildhall <guild@guild.example>",
            ),
            (
                !self.push_services.is_empty() && !self.is_local(&self.push_services),
                "push_services (GUILDHALL_PUSH_SERVICES) is only for development on one machine: unset \
                 it, or use only local addresses for bind, public_url and the services",
            ),
            (
                !self.webhook_receivers.is_empty() && !self.is_local(&self.webhook_receivers),
                "webhook_receivers (GUILDHALL_WEBHOOK_RECEIVERS) is only for development on one machine: unset \
                 it, or use only local addresses for bind, public_url and the receivers",
            ),
            (
                !self.alert_emails.is_empty() && !has_mailer,
                "alert_emails (GUILDHALL_ALERT_EMAILS) is set, but email is not configured: set \
                 SMTP_URL or RESEND_API_KEY",
            ),
            (
                self.telnyx_api_key.is_some() != self.telnyx_from.is_some(),
                "TELNYX_API_KEY and telnyx_from (GUILDHALL_TELNYX_FROM) must be set together: set both, or neither",
            ),
            (
                !self.alert_phones.is_empty() && self.telnyx_api_key.is_none(),
                "alert_phones (GUILDHALL_ALERT_PHONES) is set, but text messages are not configured: set \
                 TELNYX_API_KEY",
            ),
        ];
        rules.into_iter().find_map(|(is_broken, says)| is_broken.then_some(says))
    }

    fn is_on_postgres(&self) -> bool {
        self.database().is_ok_and(|url| matches!(url, DatabaseUrl::Postgres(_)))
    }

    /// Returns true if a token is for a code host that is not allowed.
    fn has_unused_code_token(&self) -> bool {
        let mut tokens = self.code_host_tokens.iter().flatten();
        let is_allowed =
            |host: &str| self.code_hosts.iter().map(CodeSite::host).any(|own| own == host);
        tokens.any(|token| !is_allowed(&token.host))
    }

    /// Returns true if this server and these services are reachable from this machine only. Such a service is called
    /// without the checks on its address.
    fn is_local(&self, services: &[String]) -> bool {
        let mut addresses = self.public_url.iter().chain(services);
        self.bind.ip().is_loopback() && addresses.all(|url| is_loopback(url))
    }
}

fn is_loopback(url: &str) -> bool {
    let uri = url.parse::<axum::http::Uri>().ok();
    let host = uri.as_ref().and_then(|uri| uri.host()).unwrap_or_default();
    let number = host.trim_start_matches('[').trim_end_matches(']');
    let number = number.parse::<std::net::IpAddr>();
    host == "localhost" || number.is_ok_and(|number| number.is_loopback())
}
