//! Rules that are published while a project is under way: they never change what was earned by earlier ones.

use contributions::actions::{NewRules, publish_rules};
use guildhall::PROGRAMMES;
use kernel::Problem;
use platform::{ActionError, audit::Actor::Operator};
use recognition::model::SettlementMode;

use crate::app::{
    TestApp, at,
    scenarios::{Scenario, person, repo},
};

/// Publishes rules that are based on a version.
pub(super) async fn publish(
    app: &TestApp,
    document: &str,
    based_on: Option<i64>,
) -> Result<i64, &'static str> {
    let new = NewRules { document: document.to_owned(), based_on };
    let published = publish_rules(app.context(), Operator, "season", new).await;
    published.map(|rules| rules.version).map_err(|error| match error {
        ActionError::Refused(Problem { code, .. }) => code,
        other => panic!("{other}"),
    })
}

/// Checks that a rebuild would post nothing, whether or not settlement is done.
async fn check(app: &TestApp) {
    app.verify().await;
    app.work().await;
    app.verify().await;
    let mode = SettlementMode::Check;
    let rebuilt = rebuild(app, mode).await;
    assert_eq!(rebuilt, 0, "entries that a rebuild would post");
}

async fn rebuild(app: &TestApp, mode: SettlementMode) -> usize {
    let rebuilt = recognition::actions::rebuild(app.context(), PROGRAMMES, mode, |_| {}).await;
    let parts = rebuilt.expect("rebuilt");
    parts.iter().map(|part| part.entries).sum()
}

#[tokio::test]
async fn earned_points_stay_and_new_pull_requests_are_scored_by_the_new_version() {
    let app = TestApp::of_lantern().await;
    let repo = repo(1, "lantern");
    let hexacat = person("hexacat");
    let done = Scenario::opened(&repo, 1, &hexacat, "2026-10-20T08:00:00Z");
    let done = done.merged("2026-10-21T08:00:00Z");
    let open = Scenario::opened(&repo, 2, &hexacat, "2026-10-22T08:00:00Z");
    app.deliver_all(&[&done, &open]).await;
    let rules = r#"{"opened": 20, "merged": 100, "monthly_cap": 90}"#;
    assert_eq!(publish(&app, rules, Some(1)).await, Ok(2));
    check(&app).await;
    app.clock.set(at("2026-11-10T00:00:00Z"));
    // Opened before: the earlier version's award, in a month that began before the new one.
    let open = open.merged("2026-11-02T08:00:00Z");
    let new = Scenario::opened(&repo, 3, &hexacat, "2026-11-03T08:00:00Z");
    let new = new.merged("2026-11-04T08:00:00Z");
    app.deliver_all(&[&open, &new]).await;
    assert_eq!(
        app.net_ledger().await,
        [
            "#1  pr_merged +50 2026-10",
            "#1  pr_opened +10 2026-10",
            // The month began with the instant of the publication, so its cap applies.
            "#2  pr_merged +50 2026-11",
            "#2  pr_opened +10 2026-10",
            "#3  pr_merged +20 2026-11",
            "#3  pr_opened +20 2026-11",
        ]
    );
    check(&app).await;
    let versions = app.json("/api/v1/projects/season/rules").await;
    assert_eq!(versions["items"].as_array().map(Vec::len), Some(2));
    app.finish().await;
}

#[tokio::test]
async fn the_cap_of_a_month_is_that_of_its_beginning() {
    let app = TestApp::of_lantern().await;
    app.clock.set(at("2026-11-05T00:00:00Z"));
    assert_eq!(publish(&app, r#"{"monthly_cap": 15}"#, None).await, Ok(2));
    app.clock.set(at("2026-12-20T00:00:00Z"));
    let repo = repo(1, "lantern");
    let of = |number, day: &str| {
        let at = |hour| format!("{day}T{hour}:00:00Z");
        Scenario::opened(&repo, number, &person("hexacat"), &at("08")).merged(&at("09"))
    };
    app.deliver_all(&[&of(1, "2026-11-06"), &of(2, "2026-12-06")]).await;
    assert_eq!(
        app.net_ledger().await,
        [
            "#1  pr_merged +50 2026-11",
            "#1  pr_opened +10 2026-11",
            "#2  pr_merged +5 2026-12",
            "#2  pr_opened +10 2026-12",
        ]
    );
    check(&app).await;
    app.finish().await;
}

/// GitHub's clock and the server's differ: what was settled already may be later than the publication.
#[tokio::test]
async fn what_is_later_than_the_publication_is_settled_again() {
    let app = TestApp::of_lantern().await;
    let repo = repo(1, "lantern");
    let before = Scenario::opened(&repo, 1, &person("hexacat"), "2026-10-20T08:00:00Z");
    let before = before.merged("2026-11-01T00:00:00Z");
    let same = Scenario::opened(&repo, 2, &person("monacat"), "2026-11-01T00:00:00Z");
    app.deliver_all(&[&before, &same]).await;
    let rules = r#"{"opened": 20, "monthly_cap": 30}"#;
    assert_eq!(publish(&app, rules, Some(1)).await, Ok(2));
    check(&app).await;
    let expected =
        ["#1  pr_merged +30 2026-11", "#1  pr_opened +10 2026-10", "#2  pr_opened +20 2026-11"];
    assert_eq!(app.net_ledger().await, expected);
    // The server's clock is set back by mistake.
    app.clock.set(at("2026-10-20T08:00:00Z"));
    assert_eq!(publish(&app, r#"{"opened": 30}"#, Some(2)).await, Ok(3));
    app.clock.set(at("2026-11-02T00:00:00Z"));
    check(&app).await;
    let expected =
        ["#1  pr_merged +50 2026-11", "#1  pr_opened +10 2026-10", "#2  pr_opened +30 2026-11"];
    assert_eq!(app.net_ledger().await, expected);
    app.finish().await;
}

#[tokio::test]
async fn an_unsettled_pull_request_is_not_settled_by_the_wrong_version() {
    let app = TestApp::of_lantern().await;
    let repo = repo(1, "lantern");
    let opened = Scenario::opened(&repo, 1, &person("hexacat"), "2026-10-31T08:00:00Z");
    app.deliver(&opened.deliveries).await;
    assert_eq!(publish(&app, r#"{"opened": 20}"#, Some(1)).await, Ok(2));
    check(&app).await;
    assert_eq!(app.net_ledger().await, ["#1  pr_opened +10 2026-10"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_people_who_publish_at_once_one_is_refused() {
    let app = TestApp::of_lantern().await;
    for round in 0..10 {
        let current = Some(round + 1);
        let one = format!(r#"{{"merged": {}}}"#, 100 + round);
        let other = format!(r#"{{"merged": {}}}"#, 200 + round);
        let (one, other) =
            tokio::join!(publish(&app, &one, current), publish(&app, &other, current));
        let (published, refused) = match (one, other) {
            (Ok(version), Err(code)) | (Err(code), Ok(version)) => (version, code),
            both => panic!("one of them is refused: {both:?}"),
        };
        assert_eq!((published, refused), (round + 2, "RULES_OUTDATED"));
    }
    // Without a base, both are published, one after the other.
    let both = tokio::join!(
        publish(&app, r#"{"merged": 1}"#, None),
        publish(&app, r#"{"merged": 2}"#, None)
    );
    let mut versions = [both.0.expect("published"), both.1.expect("published")];
    versions.sort_unstable();
    assert_eq!(versions, [12, 13]);
    app.finish().await;
}
