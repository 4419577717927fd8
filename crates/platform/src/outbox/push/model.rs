use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A push subscription, as the browser sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBrowser {
    /// Address of the browser at its push service.
    pub endpoint: String,
    /// Its public key, in base64 for addresses.
    pub p256dh: String,
    /// Secret that the browser shares with the sender, in the same.
    pub auth: String,
    /// Its user agent.
    pub user_agent: Option<String>,
}

/// A browser with a push subscription.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Browser {
    /// Its id.
    pub id: Uuid,
    /// When it was added.
    pub created_at: Timestamp,
    /// Address of the browser at its push service.
    pub endpoint: String,
    /// Its public key.
    pub p256dh: String,
    /// Secret that the browser shares with the sender.
    pub auth: String,
    /// Its user agent.
    pub user_agent: Option<String>,
}

impl Browser {
    /// The host of its push service.
    #[must_use]
    pub fn service(&self) -> String {
        let url = reqwest::Url::parse(&self.endpoint).ok();
        let host = url.and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_default()
    }
}
