//! The competitors of a roster, as coaches manage them.

use std::collections::BTreeMap;

use ctf::{
    actions::{
        add_competitor, archive_roster, confirm_all, confirm_competitor, edit_competitor,
        erase_competitor, import_competitors, move_competitor, remove_competitor, state_release,
        withdraw_release,
    },
    model::{CompetitorStatus, RosterRole},
    rules::profile::ProfileInput,
};
use platform::{ActionError, audit::Actor::Operator};

use super::{
    imports::rows,
    privacy_scene::{adult, fields, minor},
};
use crate::app::{TestApp, names::names};

fn code(error: ActionError) -> &'static str {
    match error {
        ActionError::Refused(problem) => problem.code,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_coach_adds_a_competitor_by_page() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let browser = app.browser_of("coach").await;
    let list = format!("/ctf/rosters/{roster}/competitors");
    let empty = browser.get(&list).await;
    assert!(empty.text.contains("No competitors yet"), "{}", empty.text);
    let new = format!("{list}/new");
    let refused = browser.post(&new, &[("first_name", "Ada")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("The last name is missing"));
    let profile = minor();
    let added = browser.post(&new, &fields(&profile)).await;
    assert_eq!(added.status, 303, "{}", added.text);
    let again = browser.post(&new, &fields(&profile)).await;
    assert_eq!(again.status, 409, "the same address");
    let shown = browser.get(&list).await;
    assert!(shown.text.contains("Ottoline Quillfeather"));
    let none = browser.get(&format!("{list}?q=nothing")).await;
    assert!(none.text.contains("No matching competitors"));
    let file = browser.get(&format!("{list}.csv")).await;
    assert!(file.text.contains("\"Ottoline Quillfeather\""), "{}", file.text);
    app.finish().await;
}

#[tokio::test]
async fn the_status_follows_the_profile_and_the_release() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let context = app.context();
    let names = ProfileInput {
        first_name: "Ottoline".to_owned(),
        last_name: "Quillfeather".to_owned(),
        ..ProfileInput::default()
    };
    let id = app.added(roster, &names).await;
    let status = async || app.view(id).await.status;
    assert_eq!(status().await, CompetitorStatus::Pending);
    edit_competitor(context, Operator, id, &minor()).await.expect("edited");
    assert_eq!(status().await, CompetitorStatus::Profile);
    let day = context.now().date_naive();
    state_release(context, Operator, id, day).await.expect("signed");
    assert_eq!(status().await, CompetitorStatus::Complete);
    app.on_platform(id, (0, 0)).await;
    withdraw_release(context, Operator, id).await.expect("withdrawn");
    assert_eq!(status().await, CompetitorStatus::InTheGameNotCompliant);
    let refused = withdraw_release(context, Operator, id).await;
    assert_eq!(code(refused.expect_err("refused")), "NO_RELEASE");
    app.finish().await;
}

#[tokio::test]
async fn joiners_wait_for_a_coach() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let id = app.joined(roster, "joiner").await;
    let browser = app.browser_of("coach").await;
    let list = format!("/ctf/rosters/{roster}/competitors");
    assert!(browser.get(&list).await.text.contains("1 competitor to confirm"));
    let (one, two) = tokio::join!(
        confirm_competitor(app.context(), Operator, id),
        confirm_competitor(app.context(), Operator, id)
    );
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(app.audited("ctf_competitor.confirm").await, 1);
    assert!(app.view(id).await.confirmed_at.is_some());
    app.finish().await;
}

#[tokio::test]
async fn those_who_leave_while_everyone_is_confirmed_stop_no_one() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let (_, other) = app.roster("other").await;
    let mut waiting = Vec::new();
    for number in 0..12 {
        waiting.push(app.joined(roster, &format!("joiner-{number}")).await);
    }
    let leaves = async {
        for id in &waiting[6..] {
            remove_competitor(app.context(), Operator, *id).await.expect("left");
        }
    };
    let moves = async {
        for id in &waiting[3..6] {
            move_competitor(app.context(), Operator, *id, other).await.expect("moved");
        }
    };
    let everyone = confirm_all(app.context(), Operator, roster);
    let (confirmed, (), ()) = tokio::join!(everyone, leaves, moves);
    let confirmed = confirmed.expect("confirmed");
    assert!(confirmed >= 3, "{confirmed}");
    let recorded = app.audited("ctf_competitor.confirm").await;
    assert_eq!(usize::try_from(recorded), Ok(confirmed));
    for id in &waiting[..3] {
        assert!(app.view(*id).await.confirmed_at.is_some());
    }
    assert_eq!(confirm_all(app.context(), Operator, roster).await.expect("repeated"), 0);
    app.finish().await;
}

/// Names are written when competitors are added, edited, imported, and when they join.
#[tokio::test]
async fn competitors_are_found_in_any_alphabet() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let browser = app.browser_of("coach").await;
    let context = app.context();
    let list = format!("/ctf/rosters/{roster}/competitors");
    let profile = |first: &str| ProfileInput {
        first_name: first.to_owned(),
        last_name: "Quillfeather".to_owned(),
        ..ProfileInput::default()
    };
    let mut added = Vec::new();
    for ((name, _), number) in names().zip(0..) {
        let id = match number % 3 {
            0 => app.added(roster, &profile(name)).await,
            1 => {
                let id = app.added(roster, &profile("Ada")).await;
                edit_competitor(context, Operator, id, &profile(name)).await.expect("edited");
                id
            }
            _ => {
                let row = format!("first_name,last_name\n{name},Quillfeather\n");
                let (rows, answers) = (rows(&row), BTreeMap::new());
                let imported = import_competitors(context, Operator, roster, rows, &answers).await;
                assert_eq!(imported.expect("imported").add.len(), 1);
                continue;
            }
        };
        added.push(id);
    }
    for (name, typed) in names() {
        for text in typed {
            let page = browser.get(&format!("{list}?q={text}")).await.text;
            assert!(
                page.contains(&format!("{name} Quillfeather</bdi>")),
                "{name} by {text}: {page}"
            );
            assert_eq!(page.matches("Quillfeather</bdi>").count(), 1, "{name} by {text}: {page}");
        }
    }
    app.joined(roster, "joiner").await;
    let page = browser.get(&format!("{list}?q=ÁDA QUÍLL")).await.text;
    assert!(page.contains("Ada Quill<"), "{page}");
    for id in added {
        erase_competitor(context, Operator, id).await.expect("erased");
    }
    let kept = "SELECT count(*) FROM competitors WHERE erased_at IS NOT NULL AND name_folded <> ''";
    assert_eq!(app.count(kept).await, 0);
    app.abandon().await;
}

#[tokio::test]
async fn who_leaves_keeps_results_and_may_move() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let (_, other) = app.roster("other").await;
    let context = app.context();
    let id = app.added(roster, &adult()).await;
    app.on_platform(id, (3, 300)).await;
    move_competitor(context, Operator, id, other).await.expect("moved");
    assert_eq!(app.view(id).await.roster(), other);
    remove_competitor(context, Operator, id).await.expect("left");
    let refused = edit_competitor(context, Operator, id, &adult()).await;
    assert_eq!(code(refused.expect_err("refused")), "COMPETITOR_LEFT");
    assert_eq!(app.count("SELECT total_score FROM game_platform_stats").await, 300);
    archive_roster(context, Operator, roster).await.expect("archived");
    let refused = add_competitor(context, Operator, roster, &adult()).await;
    assert_eq!(code(refused.expect_err("refused")), "ROSTER_ARCHIVED");
    app.finish().await;
}

#[tokio::test]
async fn a_coach_moves_competitors_only_to_rosters_of_their_own() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let (_, foreign) = app.roster("other").await;
    let id = app.added(roster, &minor()).await;
    let browser = app.browser_of("coach").await;
    let page = format!("/ctf/competitors/{id}/profile");
    let foreign = foreign.to_string();
    let moved = browser.post(&format!("{page}/move"), &[("roster", foreign.as_str())]).await;
    assert_eq!(moved.status, 404);
    assert_eq!(app.view(id).await.roster(), roster);
    app.shared_with(roster, "assistant", RosterRole::Assistant).await;
    let assistant = app.browser_of("assistant").await;
    assert_eq!(assistant.get(&page).await.status, 403);
    assert_eq!(assistant.post(&page, &fields(&minor())).await.status, 403);
    app.finish().await;
}
