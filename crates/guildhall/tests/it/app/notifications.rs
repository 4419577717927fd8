//! People's notifications.

use identity::model::Device;

use super::{TestApp, browser::Browser};

impl TestApp {
    /// Returns the titles in a person's inbox, latest first; unread ones begin with `*`.
    pub(crate) async fn inbox(&self, browser: &Browser<'_>) -> Vec<String> {
        let list = browser.json("/api/v1/me/notifications").await;
        let items = list["items"].as_array().expect("items").iter();
        let line = |item: &serde_json::Value| {
            let mark = if item["read_at"].is_null() { "*" } else { "" };
            format!("{mark}{}", item["title"].as_str().expect("a title"))
        };
        items.map(line).collect()
    }

    /// Gives a person the verified address `LOGIN@oak.example`.
    pub(crate) async fn verify_address(&self, login: &str) {
        self.verify_as(login, &format!("{login}@oak.example")).await;
    }

    /// Gives a person without an address one that they verified.
    pub(crate) async fn verify_as(&self, login: &str, address: &str) {
        let sql = format!(
            "INSERT INTO user_emails (id, created_at, user_id, address, verified_at) \
             SELECT id, created_at, id, '{address}', created_at FROM users \
             WHERE login = '{login}'"
        );
        self.change(&sql).await.expect("an address");
    }

    /// Signs a person in on a device.
    pub(crate) async fn device(&self, login: &str, user_agent: &str) {
        let device = Device {
            user_agent: Some(user_agent.to_owned()),
            address_prefix: Some("192.0.2.0/24".to_owned()),
        };
        self.signed_in(login, &device).await;
    }
}
