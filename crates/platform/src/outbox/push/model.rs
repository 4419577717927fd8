use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A push subscription, as the browser sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBrowser {
    /// The URL of the browser at its push service.
    pub endpoint: String,
    /// Its public key, in URL-safe base64.
    pub p256dh: String,
    /// The secret that the browser shares with the sender, in URL-safe base64.
    pub auth: String,
    pub user_agent: Option<String>,
}

/// A browser with a push subscription.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Browser {
    pub id: Uuid,
    pub created_at: Timestamp,
    /// The URL of the browser at its push service.
    pub endpoint: String,
    /// Its public key.
    pub p256dh: String,
    /// The secret that the browser shares with the sender.
    pub auth: String,
    pub user_agent: Option<String>,
}

impl Browser {
    /// Returns the host of its push service.
    #[must_use]
    pub fn service(&self) -> String {
        let url = reqwest::Url::parse(&self.endpoint).ok();
        let host = url.and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_default()
    }
}
