//! The table of configuration keys.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::PathBuf,
};

use secrecy::SecretString;

use super::{
    AlertChannels, BackupSchedule, CodeSite, CodeToken, CommunityMark, CommunityPicture,
    ConfigError, Environment, LogFormat, Network, PublicContact,
    key::{Exposure, Key},
    kinds::{
        ALERT_CHANNELS, BACKUPS, BASE, BIND, CODE_HOSTS, CODE_TOKENS, COMMUNITY, CONTACT,
        COPY_COMMAND, DATABASE, DESCRIPTION, DOLLARS, DSN, EMAILS, ENVIRONMENT, FOLDER,
        GROUP_ROLES, HEARTBEAT, ID_PREFIX, ISSUER, LOG, LOG_FORMAT, MAINTENANCE, MAINTENANCE_JOBS,
        MARK, MODEL, NETWORKS, ORIGINS, OWN_SECRET, PHONE, PHONES, PICTURE, RECIPIENT, REDIS,
        REPLICA, ROLES, RSA_KEY, SECRET, SENDER, SITE, SLACK, SMTP, SWITCH, TEXT, whole,
    },
    layers::{Layers, Setting},
};
use crate::crypto::RsaKey;

/// The largest accepted body of a delivery in bytes, which is GitHub's own limit.
pub const LARGEST_BODY: usize = 25 * 1024 * 1024;

/// Generates the table, the struct and its parser from rows of
/// `field: type = exposure (kept) "VARIABLE" (or "default"), kind;`. Admins can save keys that are `kept` in the browser.
macro_rules! keys {
    (@read $layers:ident, $field:ident, $kind:expr, $default:literal) => {
        $layers.required(stringify!($field), &$kind)?
    };
    (@read $layers:ident, $field:ident, $kind:expr,) => {
        $layers.optional(stringify!($field), &$kind)?
    };
    (@default $default:literal) => { Some($default) };
    (@default) => { None };
    (@kept kept) => { true };
    (@kept) => { false };
    (@adopt $config:ident, $read:ident, $keys:ident, $field:ident, kept) => {
        if $keys.contains(stringify!($field)) {
            $config.$field = $read.$field;
        }
    };
    (@adopt $config:ident, $read:ident, $keys:ident, $field:ident,) => {};
    ($(
        $(#[$doc:meta])*
        $field:ident: $type:ty = $exposure:ident $($kept:ident)? $variable:literal $(or $default:literal)?, $kind:expr;
    )*) => {
        /// The effective configuration. Secrets are never printed.
        #[derive(Clone)]
        pub struct Config {
            $($(#[$doc])* pub $field: $type,)*
            /// The file that holds `secret_key`, if `GUILDHALL_SECRET_KEY_FILE` names one.
            pub secret_key_file: Option<PathBuf>,
            /// The configuration file that was read; `None` if there is none.
            pub file: Option<PathBuf>,
            /// Variables of the environment that nothing reads and whose names are close to a known one, each in a sentence.
            pub near_misses: Vec<String>,
            /// The environment's value for each feature flag, by variable, with variables of similar names.
            pub switches: BTreeMap<String, String>,
            /// Every key with its value and origin, for admins.
            pub settings: Vec<Setting>,
            /// The version of the stored settings that are in it; 0 if there are none.
            pub stored_version: i64,
            /// Why some stored settings are not in it, with the next step.
            pub unread_settings: Option<String>,
        }

        /// Every key, in the order of `/admin/settings`.
        pub(super) const KEYS: &[Key] = &[$(Key {
            name: stringify!($field),
            variable: $variable,
            default: keys!(@default $($default)?),
            exposure: Exposure::$exposure,
            is_kept: keys!(@kept $($kept)?),
        },)*];

        impl Config {
            /// Reads each key from the topmost layer that sets it.
            pub(super) fn read(layers: &Layers) -> Result<Self, ConfigError> {
                Ok(Self {
                    $($field: keys!(@read layers, $field, $kind, $($default)?),)*
                    secret_key_file: None,
                    file: None,
                    near_misses: Vec::new(),
                    switches: BTreeMap::new(),
                    settings: layers.settings(),
                    stored_version: 0,
                    unread_settings: None,
                })
            }

            /// Returns `config` with the values of these keys from `read`.
            pub(super) fn adopt(mut config: Self, read: Self, keys: &BTreeSet<&str>) -> Self {
                $(keys!(@adopt config, read, keys, $field, $($kept)?);)*
                config
            }
        }
    };
}

keys! {
    /// `development`; `preview` or `staging`, which pages say; or `production`, where sample data and fakes are refused.
    environment: Environment = Open "GUILDHALL_ENVIRONMENT" or "development", ENVIRONMENT;
    /// Name of the community that runs this server, on pages and in emails.
    community_name: String = Open kept "GUILDHALL_COMMUNITY_NAME" or "Guildhall", COMMUNITY;
    /// Description of the community, on the home page; empty: a description of Guildhall.
    community_description: String = Open kept "GUILDHALL_COMMUNITY_DESCRIPTION" or "", DESCRIPTION;
    /// SVG or PNG file of the community's mark; absent: Guildhall's.
    community_mark: Option<CommunityMark> = Open "GUILDHALL_COMMUNITY_MARK", MARK;
    /// Picture of the community on the home page: the slug that a street is drawn from, or the path of an uploaded picture; absent: a
    /// town by the water.
    community_picture: Option<CommunityPicture> = Open kept "GUILDHALL_COMMUNITY_PICTURE", PICTURE;
    /// The address at which people reach the operator of this server, on error pages; absent: error pages name no one.
    community_contact: Option<PublicContact> = Open kept "GUILDHALL_COMMUNITY_CONTACT", CONTACT;
    /// The contact who decides about the product in an incident, named in alerts; absent: they name no one.
    contact_product: Option<PublicContact> = Open kept "GUILDHALL_CONTACT_PRODUCT", CONTACT;
    /// The contact who changes the program in an incident, named in alerts.
    contact_engineering: Option<PublicContact> = Open kept "GUILDHALL_CONTACT_ENGINEERING", CONTACT;
    /// The contact who operates the server, named in alerts and on error pages of failures.
    contact_operations: Option<PublicContact> = Open kept "GUILDHALL_CONTACT_OPERATIONS", CONTACT;
    /// The message on pages while the server is read-only; empty: it is not.
    maintenance: String = Open kept "GUILDHALL_MAINTENANCE" or "", MAINTENANCE;
    /// `run` or `stop`: what jobs do while the server is read-only.
    maintenance_jobs: String = Open kept "GUILDHALL_MAINTENANCE_JOBS" or "run", MAINTENANCE_JOBS;
    /// Roles that a person can use only with a second factor; empty: none. Each role is named itself; `coach` is whoever
    /// works with the data of pupils in CTF teams.
    require_second_factor: Vec<String> = Open "GUILDHALL_REQUIRE_SECOND_FACTOR" or "", ROLES;
    /// Folder of the SQLite database and the key file.
    data_dir: PathBuf = Open "GUILDHALL_DATA_DIR" or "data", FOLDER;
    /// Address the server listens on.
    bind: SocketAddr = Open "GUILDHALL_BIND" or "127.0.0.1:8080", BIND;
    /// Address at which `guildhall worker` serves `/metrics`, `/livez`, `/readyz` and `/healthz`.
    worker_bind: SocketAddr = Open "GUILDHALL_WORKER_BIND" or "127.0.0.1:8081", BIND;
    /// Seconds for which a server goes on after the signal to stop, while its `/readyz` fails, so that load balancers notice.
    /// At most five minutes, because a service manager kills what does not stop.
    drain_seconds: u64 = Open "GUILDHALL_DRAIN_SECONDS" or "0", whole(0, 300);
    /// `postgres://…` or `sqlite://…`; absent: SQLite in `data_dir`.
    database_url: Option<SecretString> = Secret "DATABASE_URL", DATABASE;
    /// Password of the PostgreSQL user, if `database_url` has none.
    database_password: Option<SecretString> = Secret "DATABASE_PASSWORD", SECRET;
    /// `postgres://…` of a replica of the database, from which public pages are read; absent: all pages are read from `database_url`.
    database_read_url: Option<SecretString> = Secret "DATABASE_READ_URL", REPLICA;
    /// Seconds by which the replica may be behind while public pages are read from it.
    replica_lag_seconds: u64 = Open "GUILDHALL_REPLICA_LAG_SECONDS" or "10", whole(1, 300);
    /// How many backups the server keeps, each the last of its hour, day or week (UTC); `off`: it makes none.
    backup_schedule: BackupSchedule = Open "GUILDHALL_BACKUP_SCHEDULE" or "daily=7", BACKUPS;
    /// `on`: changes of a SQLite database are copied every 10 seconds, too; `off`: they are not.
    backup_log: bool = Open "GUILDHALL_BACKUP_LOG" or "off", SWITCH;
    /// Days back to which the copied changes allow a database to be restored.
    backup_log_days: u64 = Open "GUILDHALL_BACKUP_LOG_DAYS" or "3", whole(1, 90);
    /// Folder of the backups that the server makes; absent: `backups` in `data_dir`.
    backup_dir: Option<PathBuf> = Open "GUILDHALL_BACKUP_DIR", FOLDER;
    /// Public key that these backups are encrypted for; absent: they are not encrypted.
    backup_recipient: Option<String> = Open "GUILDHALL_BACKUP_RECIPIENT", RECIPIENT;
    /// URL of the S3-compatible storage that these backups are copied to.
    backup_s3_url: Option<String> = Open "GUILDHALL_BACKUP_S3_URL", BASE;
    backup_s3_bucket: Option<String> = Open "GUILDHALL_BACKUP_S3_BUCKET", TEXT;
    backup_s3_region: String = Open "GUILDHALL_BACKUP_S3_REGION" or "us-east-1", TEXT;
    /// ID of the access key for the storage.
    backup_s3_access_key: Option<String> = Open "GUILDHALL_BACKUP_S3_ACCESS_KEY", TEXT;
    backup_s3_secret_key: Option<SecretString> = Secret "GUILDHALL_BACKUP_S3_SECRET_KEY", SECRET;
    /// Program that copies a backup to another place, run without a shell: `{file}` is the path of the backup, `{name}` its name.
    backup_command: Option<String> = Open "GUILDHALL_BACKUP_COMMAND", COPY_COMMAND;
    /// Minutes after which this program is stopped: at most a day.
    backup_command_minutes: u64 = Open "GUILDHALL_BACKUP_COMMAND_MINUTES" or "60", whole(1, 1_440);
    /// Redis in which all processes share their rate limits; absent: each process counts separately.
    redis_url: Option<SecretString> = Secret "REDIS_URL", REDIS;
    /// Password of Redis, if `redis_url` has none.
    redis_password: Option<SecretString> = Secret "REDIS_PASSWORD", SECRET;
    /// Secret that signs the deliveries of webhooks without a secret of their own.
    github_webhook_secret: Option<SecretString> = Secret kept "GITHUB_WEBHOOK_SECRET", OWN_SECRET;
    /// The previous secret, also accepted while webhooks are switched to the new one. It may be short, so that a short
    /// one can be replaced.
    github_webhook_secret_previous: Option<SecretString> = Secret kept "GITHUB_WEBHOOK_SECRET_PREVIOUS", SECRET;
    /// Keys that encrypt secrets at rest, 64 hexadecimal digits per line, newest first; absent:
    /// `secret.key` in `data_dir`.
    secret_key: Option<SecretString> = Secret "GUILDHALL_SECRET_KEY", SECRET;
    /// Format of log lines.
    log_format: LogFormat = Open "GUILDHALL_LOG_FORMAT" or "json", LOG_FORMAT;
    /// Filter of log lines, such as `info` or `info,github=debug`.
    log: String = Open "GUILDHALL_LOG" or "info", LOG;
    /// Seconds after which the work of a worker that no longer renews its lease becomes due again. More than a day would
    /// hide that a worker died.
    job_lease_seconds: u64 = Open "GUILDHALL_JOB_LEASE_SECONDS" or "60", whole(1, 86_400);
    /// Milliseconds after which an idle job polls the database. At most an hour, which is the delay if a
    /// notification is lost.
    job_poll_milliseconds: u64 = Open "GUILDHALL_JOB_POLL_MILLISECONDS" or "500", whole(1, 3_600_000);
    /// Bytes of deliveries that may be received at once before new ones are refused. At least one delivery, at most a
    /// tebibyte.
    inbox_bytes_in_flight: usize =
        Open "GUILDHALL_INBOX_BYTES_IN_FLIGHT" or "33554432", whole(LARGEST_BODY as u64, 1 << 40);
    /// Days that a delivery's body is stored: at most a hundred years.
    delivery_retention_days: i64 = Open "GUILDHALL_DELIVERY_RETENTION_DAYS" or "90", whole(1, 36_500);
    /// URL of this server, such as `https://guild.example`; absent: derived from `bind`.
    public_url: Option<String> = Open kept "GUILDHALL_PUBLIC_URL", SITE;
    /// Client id of the OAuth app that people sign in with.
    github_client_id: Option<String> = Open kept "GITHUB_CLIENT_ID", TEXT;
    /// Secret of the OAuth app.
    github_client_secret: Option<SecretString> = Secret kept "GITHUB_CLIENT_SECRET", SECRET;
    // Not GITHUB_API_URL: GitHub Actions runners set that one.
    /// URL of GitHub, where people sign in.
    github_url: String = Open "GUILDHALL_GITHUB_URL" or "https://github.com", BASE;
    /// URL of GitHub's API.
    github_api_url: String = Open "GUILDHALL_GITHUB_API_URL" or "https://api.github.com", BASE;
    /// Token that reads registered repositories from GitHub's API; absent: only webhooks state anything.
    github_api_token: Option<SecretString> = Secret kept "GITHUB_API_TOKEN", SECRET;
    /// ID of the GitHub App whose installations deliver events and read repositories.
    github_app_id: Option<i64> = Open kept "GUILDHALL_GITHUB_APP_ID", whole(1, i64::MAX as u64);
    /// Private key of the GitHub App.
    github_app_private_key: Option<RsaKey> = Secret kept "GUILDHALL_GITHUB_APP_PRIVATE_KEY", RSA_KEY;
    /// Secret that signs the deliveries of the GitHub App.
    github_app_webhook_secret: Option<SecretString> =
        Secret kept "GUILDHALL_GITHUB_APP_WEBHOOK_SECRET", OWN_SECRET;
    /// The previous secret of the GitHub App, also accepted while it is changed.
    github_app_webhook_secret_previous: Option<SecretString> =
        Secret kept "GUILDHALL_GITHUB_APP_WEBHOOK_SECRET_PREVIOUS", SECRET;
    /// Code hosts besides GitHub whose repositories can be submitted to hackathons; empty: GitHub only.
    code_hosts: Vec<CodeSite> = Open "GUILDHALL_CODE_HOSTS"
        or "gitlab=https://gitlab.com, gitea=https://codeberg.org, bitbucket=https://bitbucket.org", CODE_HOSTS;
    /// Tokens for these code hosts, each as `HOST=TOKEN`; absent: only public repositories are read.
    code_host_tokens: Option<Vec<CodeToken>> = Secret "GUILDHALL_CODE_HOST_TOKENS", CODE_TOKENS;
    /// URL of Trello's API, to which teams of hackathons export their boards.
    trello_api_url: String = Open "GUILDHALL_TRELLO_API_URL" or "https://api.trello.com", BASE;
    /// URL of Notion's API, to which teams of hackathons export their boards.
    notion_api_url: String = Open "GUILDHALL_NOTION_API_URL" or "https://api.notion.com", BASE;
    /// URL of the game platform's API, such as `https://HOST/integrations/syned/v1`; absent: there is no game platform.
    game_platform_api_base_url: Option<String> = Open "GAME_PLATFORM_API_BASE_URL", BASE;
    game_platform_api_token: Option<SecretString> = Secret "GAME_PLATFORM_API_TOKEN", SECRET;
    /// Prefix of all IDs that are sent to the game platform, for installations that share it for tests.
    game_platform_id_prefix: String = Open "GAME_PLATFORM_ID_PREFIX" or "", ID_PREFIX;
    /// Secret that starts a sync with the game platform from outside; absent: only admins can start one.
    internal_sync_secret: Option<SecretString> = Secret "INTERNAL_SYNC_SECRET", OWN_SECRET;
    /// The previous secret, also accepted while callers are switched to the new one.
    internal_sync_secret_previous: Option<SecretString> = Secret "INTERNAL_SYNC_SECRET_PREVIOUS", SECRET;
    /// Requests per minute that each process sends to the game platform.
    game_platform_requests_per_minute: u64 =
        Open "GAME_PLATFORM_REQUESTS_PER_MINUTE" or "600", whole(1, 60_000);
    /// Requests to the game platform that each process sends at once.
    game_platform_concurrency: usize = Open "GAME_PLATFORM_CONCURRENCY" or "20", whole(1, 200);
    /// Hours between two syncs with the game platform, at most 168. 0 turns scheduled syncs off.
    game_platform_sync_hours: u64 = Open "GAME_PLATFORM_SYNC_INTERVAL_HOURS" or "6", whole(0, 168);
    /// Bytes of the largest answer of the game platform that is read: 64 KiB to 256 MiB.
    game_platform_answer_bytes: usize =
        Open "GAME_PLATFORM_ANSWER_BYTES" or "8388608", whole(65_536, 268_435_456);
    /// Key for a service with the API of OpenAI; absent: no model is used.
    openai_api_key: Option<SecretString> = Secret "OPENAI_API_KEY", SECRET;
    /// URL of the service's API.
    openai_base_url: String = Open "OPENAI_BASE_URL" or "https://api.openai.com/v1", BASE;
    /// Name of the language model.
    openai_model: String = Open "OPENAI_MODEL" or "gpt-4o-mini", MODEL;
    /// Name of the model that turns texts into vectors.
    openai_embedding_model: String =
        Open "OPENAI_EMBEDDING_MODEL" or "text-embedding-3-small", MODEL;
    /// Seconds that the language model may take for an answer.
    ai_patience_seconds: u64 = Open "AI_PATIENCE_SECONDS" or "30", whole(1, 300);
    /// The most that models may cost in a day (UTC), in millionths of a dollar.
    ai_daily_budget: u64 = Open "AI_DAILY_BUDGET_USD" or "100", DOLLARS;
    /// The cost of models in a day (UTC) over which operators are alerted, in millionths of a dollar; 0: none.
    ai_daily_alert: u64 = Open "AI_DAILY_ALERT_USD" or "100", DOLLARS;
    /// Price of a million tokens that the language model reads, in millionths of a dollar.
    ai_price_input: u64 = Open "AI_PRICE_INPUT_USD" or "0.15", DOLLARS;
    /// Price of a million tokens that the language model writes, in millionths of a dollar.
    ai_price_output: u64 = Open "AI_PRICE_OUTPUT_USD" or "0.60", DOLLARS;
    /// Price of a million tokens that become vectors, in millionths of a dollar.
    ai_price_embedding: u64 = Open "AI_PRICE_EMBEDDING_USD" or "0.02", DOLLARS;
    /// OpenID Connect issuer that people can also sign in with, exactly as it identifies itself.
    openid_issuer: Option<String> = Open kept "GUILDHALL_OPENID_ISSUER", ISSUER;
    /// Client id of this server at the issuer.
    openid_client_id: Option<String> = Open kept "GUILDHALL_OPENID_CLIENT_ID", TEXT;
    /// Client secret of this server at the issuer.
    openid_client_secret: Option<SecretString> = Secret kept "GUILDHALL_OPENID_CLIENT_SECRET", SECRET;
    /// Name of the issuer on the sign-in button; absent: its host.
    openid_name: Option<String> = Open kept "GUILDHALL_OPENID_NAME", TEXT;
    /// Groups of the issuer, each with the role that its members have here: `admins:admin, staff:moderator`.
    openid_roles: Vec<(String, String)> = Open "GUILDHALL_OPENID_ROLES" or "", GROUP_ROLES;
    /// Mail server: `smtps://NAME:PASSWORD@HOST`.
    smtp_url: Option<SecretString> = Secret kept "SMTP_URL", SMTP;
    /// Password at the mail server, if `smtp_url` has none.
    smtp_password: Option<SecretString> = Secret kept "SMTP_PASSWORD", SECRET;
    /// API key of Resend, which sends email instead of a mail server.
    resend_api_key: Option<SecretString> = Secret kept "RESEND_API_KEY", SECRET;
    resend_url: String = Open "GUILDHALL_RESEND_URL" or "https://api.resend.com", BASE;
    /// Sender of email: `Guildhall <guild@guild.example>`.
    mail_from: Option<String> = Open kept "GUILDHALL_MAIL_FROM", SENDER;
    /// Slack's incoming webhook, which alerts are sent to.
    slack_webhook_url: Option<SecretString> = Secret kept "SLACK_WEBHOOK_URL", SLACK;
    /// API key of Telnyx, which sends text messages to people and operators.
    telnyx_api_key: Option<SecretString> = Secret kept "TELNYX_API_KEY", SECRET;
    telnyx_url: String = Open "GUILDHALL_TELNYX_URL" or "https://api.telnyx.com", BASE;
    /// Sender of text messages: `+15551234567`.
    telnyx_from: Option<String> = Open kept "GUILDHALL_TELNYX_FROM", PHONE;
    /// Messaging profile of text messages; absent: the number's own.
    telnyx_messaging_profile: Option<String> = Open "GUILDHALL_TELNYX_MESSAGING_PROFILE", TEXT;
    /// Text messages to all people in 24 hours; those to operators do not count.
    texts_per_day: i64 = Open "GUILDHALL_TEXTS_PER_DAY" or "500", whole(1, 1_000_000);
    /// Email addresses that alerts are sent to.
    alert_emails: Vec<String> = Open kept "GUILDHALL_ALERT_EMAILS" or "", EMAILS;
    /// Phone numbers that alerts are sent to by text message.
    alert_phones: Vec<String> = Open "GUILDHALL_ALERT_PHONES" or "", PHONES;
    /// Channels of alerts by severity, and by kind where those differ.
    alert_channels: AlertChannels = Open "GUILDHALL_ALERT_CHANNELS"
        or "critical=slack+email+sms, high=slack+email, medium=email, response_time=slack", ALERT_CHANNELS;
    /// Hours after which the alert of a lasting incident is repeated: at most a month.
    alert_again_hours: i64 = Open "GUILDHALL_ALERT_AGAIN_HOURS" or "6", whole(1, 720);
    /// Minutes that a message may be due before operators are alerted: at most a week.
    alert_outbox_minutes: i64 = Open "GUILDHALL_ALERT_OUTBOX_MINUTES" or "30", whole(1, 10_080);
    /// Address of a monitor outside, called each minute while all is well with the background jobs.
    heartbeat_url: Option<SecretString> = Secret "GUILDHALL_HEARTBEAT_URL", HEARTBEAT;
    /// Price of an email, in millionths of a dollar.
    email_price: u64 = Open "GUILDHALL_EMAIL_PRICE_USD" or "0", DOLLARS;
    /// Price of a text message, in millionths of a dollar.
    text_price: u64 = Open "GUILDHALL_TEXT_PRICE_USD" or "0", DOLLARS;
    /// Price of a gigabyte of the database for a month, in millionths of a dollar.
    database_price: u64 = Open "GUILDHALL_DATABASE_PRICE_USD" or "0", DOLLARS;
    /// Price of a gigabyte of other files in `data_dir` for a month, in millionths of a dollar.
    disk_price: u64 = Open "GUILDHALL_DISK_PRICE_USD" or "0", DOLLARS;
    /// Price of a machine for an hour, in millionths of a dollar.
    machine_price: u64 = Open "GUILDHALL_MACHINE_PRICE_USD" or "0", DOLLARS;
    /// The number of machines that run this server, for its costs.
    machines: i64 = Open "GUILDHALL_MACHINES" or "1", whole(1, 1_000);
    /// The most that all services shall cost in a month, in millionths of a dollar; 0: no budget.
    budget: u64 = Open "GUILDHALL_BUDGET_USD" or "0", DOLLARS;
    /// The most that models shall cost in a month, in millionths of a dollar; 0: no budget.
    model_budget: u64 = Open "GUILDHALL_MODEL_BUDGET_USD" or "0", DOLLARS;
    /// The most that emails shall cost in a month, in millionths of a dollar; 0: no budget.
    email_budget: u64 = Open "GUILDHALL_EMAIL_BUDGET_USD" or "0", DOLLARS;
    /// The most that text messages shall cost in a month, in millionths of a dollar; 0: no budget.
    text_budget: u64 = Open "GUILDHALL_TEXT_BUDGET_USD" or "0", DOLLARS;
    /// The most that the database shall cost in a month, in millionths of a dollar; 0: no budget.
    database_budget: u64 = Open "GUILDHALL_DATABASE_BUDGET_USD" or "0", DOLLARS;
    /// The most that other files shall cost in a month, in millionths of a dollar; 0: no budget.
    disk_budget: u64 = Open "GUILDHALL_DISK_BUDGET_USD" or "0", DOLLARS;
    /// The most that machines shall cost in a month, in millionths of a dollar; 0: no budget.
    machine_budget: u64 = Open "GUILDHALL_MACHINE_BUDGET_USD" or "0", DOLLARS;
    /// Local push services that may be called in addition to the public ones, for development.
    push_services: Vec<String> = Open "GUILDHALL_PUSH_SERVICES" or "", ORIGINS;
    /// Local receivers of webhooks that may be called in addition to the public ones, for development.
    webhook_receivers: Vec<String> = Open "GUILDHALL_WEBHOOK_RECEIVERS" or "", ORIGINS;
    /// Requests per minute from one IPv4 address or one IPv6 /64.
    requests_per_minute: u64 = Open "GUILDHALL_REQUESTS_PER_MINUTE" or "1200", whole(1, 100_000_000);
    /// Requests per minute by one person, whatever the client address.
    person_requests_per_minute: u64 =
        Open "GUILDHALL_PERSON_REQUESTS_PER_MINUTE" or "1200", whole(1, 100_000_000);
    /// Requests per minute by one personal token.
    token_requests_per_minute: u64 =
        Open "GUILDHALL_TOKEN_REQUESTS_PER_MINUTE" or "600", whole(1, 100_000_000);
    /// Proxies whose `X-Forwarded-For` is trusted.
    trusted_proxies: Vec<Network> = Open "GUILDHALL_TRUSTED_PROXIES" or "", NETWORKS;
    /// Networks without a rate limit.
    exempt_networks: Vec<Network> = Open "GUILDHALL_EXEMPT_NETWORKS" or "", NETWORKS;
    /// DSN of the project at Sentry, or a service with its protocol, that errors are reported to; absent: errors are only logged.
    sentry_dsn: Option<SecretString> = Secret "SENTRY_DSN", DSN;
    /// URL of a collector that receives traces by OTLP over HTTP, such as `http://127.0.0.1:4318`; absent: nothing is traced.
    otlp_endpoint: Option<String> = Open "OTEL_EXPORTER_OTLP_ENDPOINT", BASE;
    /// Share of requests and jobs that are traced, in percent.
    trace_percent: u32 = Open "GUILDHALL_TRACE_PERCENT" or "10", whole(0, 100);
    /// Token that `/metrics` requires; absent: `/metrics` is not served.
    metrics_token: Option<SecretString> = Secret "GUILDHALL_METRICS_TOKEN", OWN_SECRET;
    /// Origins whose pages may read public data, without a session.
    cors_origins: Vec<String> = Open "GUILDHALL_CORS_ORIGINS" or "", ORIGINS;
}
