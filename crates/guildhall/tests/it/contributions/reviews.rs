//! Reviews that make a self-merge count, as they were when the pull request closed.

use testkit::{
    payloads::{Account, AccountKind, Verdict},
    story::{Act, NewReview},
};

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

const REVIEW: i64 = 4_711;
const SCORED: [&str; 2] = ["#1  pr_merged +50 2026-10", "#1  pr_opened +10 2026-10"];

/// A pull request that `reviewer` approved and its author merged on October 2.
fn self_merged(author: &Account, reviewer: &Account) -> Scenario {
    let review = NewReview {
        id: REVIEW,
        verdict: Verdict::Approved,
        body: None,
        association: "MEMBER",
        bare: false,
    };
    Scenario::opened(&repo(1, "lantern"), 1, author, "2026-10-01T08:00:00Z")
        .then(Act::Reviewed(review), reviewer, "2026-10-01T09:00:00Z")
        .then(Act::Merged, author, "2026-10-02T08:00:00Z")
}

fn dismissed(scenario: Scenario, at: &str) -> Scenario {
    scenario.then(Act::ReviewDismissed(REVIEW), &person("maintainer"), at)
}

#[tokio::test]
async fn a_review_dismissed_after_the_closing_still_counts() {
    let (author, reviewer) = (person("hexacat"), person("maintainer"));
    for (at, net) in [("2026-10-09T08:00:00Z", &[][..]), ("2026-10-09T08:00:01Z", &SCORED[..])] {
        let app = TestApp::of_lantern().await;
        let scenario = self_merged(&author, &reviewer);
        app.deliver_all(&[&scenario]).await;
        assert_eq!(app.net_ledger().await, SCORED);
        let scenario = dismissed(scenario, at);
        app.deliver_all(&[&scenario]).await;
        assert_eq!(app.net_ledger().await, net, "dismissed at {at}");
        app.finish().await;
    }
}

#[tokio::test]
async fn a_review_is_dismissed_when_first_stated_in_any_order() {
    let (author, reviewer) = (person("hexacat"), person("maintainer"));
    let scenario = dismissed(self_merged(&author, &reviewer), "2026-10-09T08:00:01Z");
    let mut reversed = dismissed(self_merged(&author, &reviewer), "2026-10-09T08:00:01Z");
    reversed.deliveries.reverse();
    for scenario in [scenario, reversed] {
        let app = TestApp::of_lantern().await;
        app.deliver_all(&[&scenario, &scenario]).await;
        assert_eq!(app.net_ledger().await, SCORED);
        app.finish().await;
    }
}

#[tokio::test]
async fn a_bots_review_is_not_another_persons() {
    let bot = Account { id: 77, login: "keelbot[bot]".to_owned(), kind: AccountKind::Bot };
    let machine = Account { login: "keel-machine".to_owned(), ..bot.clone() };
    for reviewer in [bot, machine] {
        let app = TestApp::of_lantern().await;
        let scenario = self_merged(&person("hexacat"), &reviewer);
        app.deliver_all(&[&scenario]).await;
        assert_eq!(app.net_ledger().await, Vec::<String>::new());
        let shown = app.json("/api/v1/pull-requests/octo-org/lantern/1").await;
        assert_eq!(shown["merge"]["excluded"]["code"], "self_merged");
        assert_eq!(shown["reviewed_at"], serde_json::Value::Null);
        app.finish().await;
    }
}
