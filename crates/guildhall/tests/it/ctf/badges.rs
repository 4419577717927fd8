//! Badges of milestones, which only competitors and their coaches see.

use ctf::rules::milestones::Milestone;
use identity::model::Role;
use platform::audit::Actor::Operator;
use recognition::{
    Programme as _,
    actions::{BadgeChange, change_badge},
    model::BadgeAudience,
    reads,
    rules::badges::Criteria,
};

use super::{milestones::solve, platform::Synced, privacy_scene::adult};
use crate::app::{TestApp, at, browser::Browser};

const SLUG: &str = "ctf-first-hard";

/// The badges of people, by slug.
const HELD: &str = "SELECT b.slug AS value FROM user_badges a JOIN badges b ON b.id = a.badge_id \
                    WHERE a.revoked_at IS NULL ORDER BY b.slug";

/// Fails if a page or an answer of the API names the badge to someone.
async fn is_hidden_from(browser: &Browser<'_>) {
    for path in [
        "/",
        "/badges",
        "/people/ada",
        "/people/ada/feed.atom",
        "/search?q=first",
        "/api/v1/badges",
        "/api/v1/people/ada/badges",
        "/api/v1/search?q=first",
    ] {
        let page = browser.get(path).await.text;
        assert!(!page.contains("hard challenge") && !page.contains(SLUG), "{path}: {page}");
    }
    for path in
        ["/badges/{}", "/badges/{}/image.svg", "/api/v1/badges/{}", "/api/v1/badges/{}/holders"]
    {
        let path = path.replace("{}", SLUG);
        assert_eq!(browser.get(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn only_the_competitor_and_the_coaches_see_the_badges_of_milestones() {
    let synced = Synced::start().await;
    let app = &synced.app;
    let (_, competitors) = synced.roster_of("coach", 1).await;
    let ada = app.browser_of("ada").await;
    let connected = "UPDATE competitors SET user_id = (SELECT id FROM users WHERE login = 'ada')";
    app.change(connected).await.expect("connected");
    app.work().await;
    solve(&synced, competitors[0], 400).await;
    app.work().await;
    assert_eq!(app.values(HELD).await, [SLUG, "ctf-solves-1"]);

    let own = ada.get("/badges").await.text;
    assert!(own.contains("First hard challenge") && own.contains("Not public"), "{own}");
    assert!(!own.contains("10 solves"), "not what others earn: {own}");
    let me = ada.get("/ctf/me").await.text;
    assert!(me.contains("<h2 id=\"badges\">Badges</h2>"), "{me}");
    let coach = app.browser_of("coach").await;
    let card = coach.get(&format!("/ctf/competitors/{}", competitors[0])).await.text;
    assert!(card.contains("<h2 id=\"badges\">Badges</h2>"), "{card}");

    is_hidden_from(&Browser::new(app)).await;
    is_hidden_from(&app.browser_of("wren-oak").await).await;
    let credential = format!("/api/v1/people/ada/badges/{SLUG}/credential");
    assert_eq!(ada.call("GET", &credential, None).await.status, 404);
    let profile = ada.get("/people/ada").await.text;
    assert!(
        !profile.contains("hard challenge"),
        "also to oneself it is as others see it: {profile}"
    );
    let sent = "SELECT count(*) FROM notifications WHERE kind IN ('badge_earned', 'badges_found')";
    assert_eq!(app.count(sent).await, 0);
    let (from, to) = (at("2026-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z"));
    let awarded = reads::awarded_badges(&app.context().db, from, to).await;
    assert!(awarded.expect("read").is_empty());

    // Other criteria show no one what holders got as their own.
    let change = BadgeChange { criteria: Some(Criteria::FirstPr), ..BadgeChange::default() };
    let changed = change_badge(app.context(), Operator, SLUG, change).await.expect("changed");
    assert_eq!(changed.audience, BadgeAudience::Own);
    is_hidden_from(&Browser::new(app)).await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let page = admin.get("/admin/badges").await.text;
    assert!(page.contains(SLUG) && page.contains("Not public"), "{page}");
    app.work().await;
    synced.app.finish().await;
}

#[tokio::test]
async fn who_connects_an_account_gets_the_badges_of_earlier_milestones() {
    let app = TestApp::start().await;
    app.work().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &adult()).await;
    let reached = "INSERT INTO ctf_milestones (id, created_at, competitor_id, code, is_imported, notified_at) \
                   SELECT p.id, p.created_at, p.id, 'solves_1', false, p.created_at FROM competitors p";
    app.change(reached).await.expect("reached");
    app.work().await;
    assert_eq!(app.values(HELD).await, Vec::<String>::new(), "no account");
    app.connected(id, "ada-q").await;
    app.work().await;
    assert_eq!(app.values(HELD).await, ["ctf-solves-1"]);
    app.finish().await;
}

#[test]
fn each_milestone_has_a_badge_that_is_not_public() {
    let badges = ctf::CtfTeams.first_badges();
    for milestone in Milestone::all() {
        let metric = format!("own_ctf_{}", milestone.code());
        let badge = badges.iter().find(|badge| badge.metric == metric);
        assert_eq!(badge.map(|badge| badge.name), Some(&*milestone.heading()), "{metric}");
        let criteria = Criteria::Metric { metric, at_least: 1 };
        assert_eq!(criteria.audience(), BadgeAudience::Own);
    }
    assert_eq!(badges.len(), Milestone::all().count());
    assert_eq!(ctf::CtfTeams.metrics().len(), badges.len());
}
