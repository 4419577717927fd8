//! Fair play besides the flags of the nightly detection: reports, excluded repositories, penalties, flags about reviewers,
//! and what moderators are notified of.

mod alternates;
mod exclusions;
mod many;
mod notices;
mod penalties;
mod report_pages;
mod reports;
mod reviewers;
pub(super) mod rows;
mod sign_offs;

use serde_json::{Value, json};

use crate::app::{
    TestApp,
    browser::{Answer, Browser},
    scenarios::{Scenario, person, repo},
};

const REPORTS: &str = "/api/v1/reports";
const FLAGS: &str = "/api/v1/admin/fair-play";

/// Two merged pull requests of hexacat in `octo-org/lantern`, and one of monacat.
pub(super) async fn server() -> TestApp {
    let app = TestApp::of_lantern().await;
    let lantern = repo(1, "lantern");
    let merged = |number: i64, login: &str| {
        let at = |hour: i64| format!("2026-10-{:02}T{hour:02}:00:00Z", 19 + number);
        Scenario::opened(&lantern, number, &person(login), &at(8)).merged(&at(9))
    };
    app.deliver_all(&[&merged(1, "hexacat"), &merged(2, "hexacat"), &merged(3, "monacat")]).await;
    app
}

/// A report of a pull request of `octo-org/lantern` as spam.
fn spam(number: i64) -> Value {
    json!({ "repository": "octo-org/lantern", "number": number, "reason": "spam" })
}

/// A report of the repository.
fn junk() -> Value {
    json!({
        "repository": "octo-org/lantern", "reason": "junk_repository", "words": "No one reads these changes."
    })
}

async fn report(browser: &Browser<'_>, body: &Value) -> Answer {
    browser.call("POST", REPORTS, Some(body)).await
}

/// Decides on a flag; `effect` is `None` for a dismissal.
async fn decide(browser: &Browser<'_>, number: i64, effect: Option<&str>) -> Answer {
    let decision = json!({
        "is_confirmed": effect.is_some(), "effect": effect.filter(|effect| !effect.is_empty()),
        "reason": "Looked at it",
    });
    let path = format!("{FLAGS}/{number}/decision");
    browser.call("POST", &path, Some(&decision)).await
}

async fn reopen(browser: &Browser<'_>, number: i64) -> Answer {
    let reason = json!({ "reason": "They explained it" });
    let path = format!("{FLAGS}/{number}/reopen");
    browser.call("POST", &path, Some(&reason)).await
}
