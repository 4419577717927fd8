mod admin_pages;
mod api;
mod awarding;
mod concurrency;
mod credential;
mod erasure;
mod everyone;
mod news;
mod pages;

use platform::audit::Actor::Operator;
use recognition::{
    actions::{BadgeChange, NewBadge, award_badge, change_badge, create_badge, revoke_badge},
    model::{BadgeRow, Rarity},
    rules::badges::{BadgeTexts, Criteria},
};
use serde_json::Value;

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

impl TestApp {
    pub(crate) async fn badge(&self, slug: &str, criteria: Criteria) -> BadgeRow {
        let new = NewBadge {
            texts: BadgeTexts {
                slug: slug.to_owned(),
                name: slug.to_owned(),
                description: "For tests.".to_owned(),
            },
            criteria,
            rarity: Rarity::Rare,
        };
        let badge = create_badge(self.context(), Operator, new).await;
        badge.expect("a badge")
    }

    /// Returns the slugs of a person's badges, the latest first.
    pub(crate) async fn badges_of(&self, login: &str) -> Vec<String> {
        let path = format!("/api/v1/people/{login}/badges");
        let list = self.json(&path).await;
        let items = list["items"].as_array().expect("items").iter();
        let slug = |item: &Value| item["slug"].as_str().expect("a slug").to_owned();
        items.map(slug).collect()
    }
}

/// Creates, changes, retires and restores a badge, awards it to a person and revokes it.
pub(crate) async fn act(app: &TestApp, login: &str) {
    app.badge("acted", Criteria::Manual).await;
    let moved = |retired| BadgeChange { retired: Some(retired), ..BadgeChange::default() };
    let named = BadgeChange { name: Some("Acted upon".to_owned()), ..BadgeChange::default() };
    for change in [named, moved(true), moved(false)] {
        change_badge(app.context(), Operator, "acted", change).await.expect("changed");
    }
    award_badge(app.context(), Operator, "acted", login, "to try").await.expect("awarded");
    revoke_badge(app.context(), Operator, "acted", login, "to try").await.expect("revoked");
    app.work().await;
}

/// A merged pull request in `octo-org/lantern`.
fn merged(number: i64, login: &str, day: u32) -> Scenario {
    let opened = format!("2026-10-{day:02}T08:00:00Z");
    Scenario::opened(&repo(1, "lantern"), number, &person(login), &opened)
        .merged(&format!("2026-10-{day:02}T09:00:00Z"))
}
