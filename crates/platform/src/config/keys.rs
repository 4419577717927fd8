/// A key of the configuration.
pub(super) struct Key {
    /// The environment variable that sets it. `X_FILE` names a file that holds the value.
    pub(super) variable: &'static str,
    /// Its name in `guildhall.toml`.
    pub(super) name: &'static str,
    /// Whether its value is shown to nobody.
    pub(super) is_secret: bool,
}

const fn open(variable: &'static str, name: &'static str) -> Key {
    Key {
        variable,
        name,
        is_secret: false,
    }
}

const fn secret(variable: &'static str, name: &'static str) -> Key {
    Key {
        variable,
        name,
        is_secret: true,
    }
}

/// Every key.
pub(super) const KEYS: &[Key] = &[
    open("GUILDHALL_DATA_DIR", "data_dir"),
    open("GUILDHALL_BIND", "bind"),
    secret("DATABASE_URL", "database_url"),
    secret("REDIS_URL", "redis_url"),
    secret("GITHUB_WEBHOOK_SECRET", "github_webhook_secret"),
    secret(
        "GITHUB_WEBHOOK_SECRET_PREVIOUS",
        "github_webhook_secret_previous",
    ),
    secret("GUILDHALL_SECRET_KEY", "secret_key"),
    open("GUILDHALL_LOG_FORMAT", "log_format"),
    open("GUILDHALL_LOG", "log"),
    open("GUILDHALL_JOB_LEASE_SECONDS", "job_lease_seconds"),
    open("GUILDHALL_JOB_POLL_MILLISECONDS", "job_poll_milliseconds"),
    open("GUILDHALL_INBOX_BYTES_IN_FLIGHT", "inbox_bytes_in_flight"),
    open(
        "GUILDHALL_DELIVERY_RETENTION_DAYS",
        "delivery_retention_days",
    ),
    open("GUILDHALL_PUBLIC_URL", "public_url"),
    open("GITHUB_CLIENT_ID", "github_client_id"),
    secret("GITHUB_CLIENT_SECRET", "github_client_secret"),
    // Not GITHUB_API_URL: GitHub's own runners set that one.
    open("GUILDHALL_GITHUB_URL", "github_url"),
    open("GUILDHALL_GITHUB_API_URL", "github_api_url"),
    open("GUILDHALL_OPENID_ISSUER", "openid_issuer"),
    open("GUILDHALL_OPENID_CLIENT_ID", "openid_client_id"),
    secret("GUILDHALL_OPENID_CLIENT_SECRET", "openid_client_secret"),
    open("GUILDHALL_OPENID_NAME", "openid_name"),
    secret("SMTP_URL", "smtp_url"),
    secret("RESEND_API_KEY", "resend_api_key"),
    open("GUILDHALL_RESEND_URL", "resend_url"),
    open("GUILDHALL_MAIL_FROM", "mail_from"),
    secret("SLACK_WEBHOOK_URL", "slack_webhook_url"),
    secret("TELNYX_API_KEY", "telnyx_api_key"),
    open("GUILDHALL_TELNYX_URL", "telnyx_url"),
    open("GUILDHALL_TELNYX_FROM", "telnyx_from"),
    open(
        "GUILDHALL_TELNYX_MESSAGING_PROFILE",
        "telnyx_messaging_profile",
    ),
    open("GUILDHALL_ALERT_EMAILS", "alert_emails"),
    open("GUILDHALL_ALERT_PHONES", "alert_phones"),
    open("GUILDHALL_ALERT_AGAIN_HOURS", "alert_again_hours"),
    open("GUILDHALL_ALERT_OUTBOX_MINUTES", "alert_outbox_minutes"),
    open("GUILDHALL_PUSH_SERVICES", "push_services"),
    open("GUILDHALL_REQUESTS_PER_MINUTE", "requests_per_minute"),
    open(
        "GUILDHALL_PERSON_REQUESTS_PER_MINUTE",
        "person_requests_per_minute",
    ),
    open(
        "GUILDHALL_TOKEN_REQUESTS_PER_MINUTE",
        "token_requests_per_minute",
    ),
    open("GUILDHALL_TRUSTED_PROXIES", "trusted_proxies"),
    open("GUILDHALL_EXEMPT_NETWORKS", "exempt_networks"),
    open("GUILDHALL_CORS_ORIGINS", "cors_origins"),
];
