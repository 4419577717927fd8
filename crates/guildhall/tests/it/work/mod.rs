//! The work that waits for people: Today, the list of all work, the API and the header agree about it. The programmes have tests
//! of their own for each of their kinds.

mod kinds;
mod next;
mod notices;
mod statements;

use kernel::Timestamp;
use serde_json::Value;

use crate::app::{TestApp, browser::Browser};

/// The address of the list of all work.
const PAGE: &str = "/work";

impl TestApp {
    /// Returns the work of a person by the API, after the places that show it were compared with it.
    pub(crate) async fn work_of(&self, login: &str) -> Vec<Value> {
        let browser = self.browser_of(login).await;
        let listed = browser.json("/api/v1/work?limit=100").await;
        let items = listed["items"].as_array().expect("a list").clone();
        agrees(&browser, &items, self.context().now()).await;
        items
    }

    /// Returns the only work of a kind that waits for a person.
    pub(crate) async fn waits(&self, login: &str, kind: &str) -> Value {
        let mut items = self.work_of(login).await;
        items.retain(|item| item["kind"] == kind);
        assert_eq!(items.len(), 1, "{login} {kind}: {items:#?}");
        items.remove(0)
    }

    /// Checks that no work of a kind waits for a person.
    pub(crate) async fn is_done(&self, login: &str, kind: &str) {
        let items = self.work_of(login).await;
        assert!(items.iter().all(|item| item["kind"] != kind), "{login} {kind}: {items:#?}");
    }
}

/// Compares the pages of a person with their work.
async fn agrees(browser: &Browser<'_>, items: &[Value], now: Timestamp) {
    let (today, all) = (browser.get("/").await.text, browser.get(PAGE).await.text);
    let due = |item: &Value| item["due"].as_str()?.parse::<Timestamp>().ok();
    let late = items.iter().filter(|item| due(item).is_some_and(|due| due < now)).count();
    let to_take = all.split("id=\"take\"").nth(1).unwrap_or_default().matches("<h4>").count();
    let are = |number: usize| format!("{number} {}", if number == 1 { "is" } else { "are" });
    let says = match items.len() {
        many if to_take > 0 && all.contains("<h2 id=\"yours\"") => {
            format!("<p>{} yours, {} unassigned.", are(many - to_take), are(to_take))
        }
        many if many > 1 && late == many => "<p>Nothing else needs you.".to_owned(),
        0 => "<h1>Nothing needs your attention</h1>".to_owned(),
        1 => "<p>One thing needs you.".to_owned(),
        many => format!("<p>{many} things need you."),
    };
    assert!(all.contains(&says), "{says}: {all}");
    if let Some(first) = items.first() {
        let kinds = guildhall::MODULES.task_kinds();
        let kind = kinds.iter().find(|kind| first["kind"] == kind.code).expect("a kind");
        match late {
            0 | 1 => {
                assert!(all.contains(&format!("<h1>{}</h1>", kind.waits)), "{}: {all}", kind.waits);
            }
            late => {
                assert!(
                    all.contains(&format!("<h1>{late} ")) && all.contains(" are late</h1>"),
                    "{all}"
                );
            }
        }
    }
    assert_eq!(all.matches("<h4>").count(), items.len().min(25), "one row each: {all}");
    for item in items.iter().take(8) {
        let link = format!("href=\"{}\"", item["address"].as_str().expect("a path"));
        let link = link.replace('&', "&#38;");
        assert!(today.contains(&link) && all.contains(&link), "{link}: {today} {all}");
    }
    match items.len() {
        0 => assert!(!today.contains("What needs you"), "{today}"),
        _ => {
            assert_eq!(today.matches("btn primary").count(), 1, "one primary button: {today}");
            assert!(!today.contains("Nothing needs your attention"), "{today}");
        }
    }
}
