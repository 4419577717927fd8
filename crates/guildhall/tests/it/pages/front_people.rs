//! Visitors read the names of those alone who let others see what the page tells of them.

use identity::actions::protect_minor;
use platform::audit::Actor::Operator;
use recognition::{actions::award_badge, rules::badges::Criteria};

use super::html;
use crate::{
    app::TestApp,
    contributions::seasons::{AUTUMN, merged, october, sign_off_season},
};

/// Lets a person hide these parts of their profile, and no others.
async fn hides(app: &TestApp, login: &str, parts: &[&str]) {
    let parts = parts.iter().map(|part| ("hidden", *part));
    let fields: Vec<(&str, &str)> = [("name", "")].into_iter().chain(parts).collect();
    app.browser_of(login).await.post("/settings/profile", &fields).await.location();
}

async fn protect(app: &TestApp, login: &str, is_minor: bool) {
    let person = app.person_id(login).await;
    let tx = app.context().begin().await.expect("a transaction");
    protect_minor(&tx, app.context(), person.into(), is_minor).await.expect("set");
    tx.commit().await.expect("committed");
}

/// Awards a rare badge to people, the first of them before the others.
async fn award(app: &TestApp, people: &[&str]) {
    app.badge("lamp", Criteria::Manual).await;
    for login in people {
        app.browser_of(login).await;
        award_badge(app.context(), Operator, "lamp", login, "to try").await.expect("awarded");
        app.clock.advance(chrono::TimeDelta::minutes(1));
    }
}

/// Checks that the moments of the page have these words and not the others.
async fn tells(app: &TestApp, words: &[&str], others: &[&str]) {
    app.work().await;
    let page = html(app, "/").await;
    let lately =
        page.split("id=\"lately\"").nth(1).and_then(|rest| rest.split("</section>").next());
    let lately = lately.expect("moments");
    for words in words {
        assert!(lately.contains(words), "{words}: {lately}");
    }
    for words in others {
        assert!(!lately.contains(words), "{words}: {lately}");
    }
}

#[tokio::test]
async fn the_front_page_names_only_those_who_let_others_see_it() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    app.browser_of("wren-oak").await;
    app.registers("wren-oak").await;
    app.deliver_all(&[&merged(1, "wren-oak", "2026-10-02T08:00:00Z")]).await;
    let slug = app.closed_event().await;
    sign_off_season(app.context(), Operator, AUTUMN).await.expect("signed off");
    let wins = "UPDATE submissions SET outcome = 'winner' WHERE team_id IS NOT NULL";
    app.change(wins).await.expect("changed");
    app.prize_giving(&slug).await;
    award(&app, &["rook-elm", "finch-ash", "moth-bay", "reed-fen"]).await;
    hides(&app, "finch-ash", &["badges"]).await;
    app.ban("moth-bay").await;
    protect(&app, "reed-fen", true).await;
    for login in ["ada", "wren-oak"] {
        hides(&app, login, &["results"]).await;
    }
    let badge = "<bdi>rook-elm</bdi></a></strong> earned a rare badge";
    let merge = "<bdi>wren-oak</bdi></a></strong> had their first pull request merged in lantern";
    let is_final = "<bdi>Autumn</bdi></a></strong> is final";
    tells(
        &app,
        &[badge, merge, is_final, "won Low Tide", "<span>bo</span>"],
        &["finch-ash", "moth-bay", "reed-fen", "won the season"],
    )
    .await;

    // Each part is hidden by itself.
    hides(&app, "ada", &["badges"]).await;
    hides(&app, "finch-ash", &["results"]).await;
    hides(&app, "wren-oak", &["work"]).await;
    let winner = "<bdi>wren-oak</bdi></a></strong> won the season";
    let other = "<bdi>finch-ash</bdi></a></strong> earned a rare badge";
    tells(
        &app,
        &[badge, other, winner, "<span>ada and bo</span>"],
        &["moth-bay", "reed-fen", "is final", "merged in lantern"],
    )
    .await;

    hides(&app, "wren-oak", &[]).await;
    protect(&app, "wren-oak", true).await;
    tells(&app, &[is_final], &["wren-oak"]).await;
    protect(&app, "wren-oak", false).await;
    tells(&app, &[winner], &["is final"]).await;
    app.ban("wren-oak").await;
    tells(&app, &[is_final], &["wren-oak"]).await;
    app.abandon().await;
}
