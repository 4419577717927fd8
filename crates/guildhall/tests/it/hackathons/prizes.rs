//! Prizes of a hackathon, their awards and their hand-over.

use chrono::TimeDelta;
use guildhall::{MODULES, privacy};
use hackathons::{
    actions::{
        award_prize, claim_prize, create_prize, edit_prize, read_prize_claim, remove_prize,
        rule_submission, step_prize, take_back_prize,
    },
    model::PrizeState::{Claimed, Forfeited, Received, Sent},
    reads,
    rules::{prizes::PrizeInput, rulings::Ruling},
};
use identity::model::Role;
use platform::audit::Actor::Operator;

use super::{prize_scene::prize, scene::code};
use crate::app::{TestApp, at, browser::Browser};

const ADDRESS: &str = "Ada\n1 Quay Street";

#[tokio::test]
async fn organizers_change_prizes_before_the_results() {
    let app = TestApp::start().await;
    let slug = app.closed_event().await;
    let harbor = app.prize(&slug, "Harbor prize", 2).await;
    let second = app.prize(&slug, "Harbor prize", 1).await;
    assert_eq!((&*harbor, &*second), ("harbor-prize", "harbor-prize-2"));
    let more =
        PrizeInput { sponsor: Some("Pilots’ Society".to_owned()), ..PrizeInput::default() };
    let edited = edit_prize(app.context(), Operator, &slug, &harbor, &more).await;
    assert_eq!(edited.expect("edited").about(), "A day at sea, 2 times, by Pilots’ Society");
    remove_prize(app.context(), Operator, &slug, &second).await.expect("removed");
    app.awards((&slug, &harbor), "ada").await.expect("awarded");
    app.awards((&slug, &harbor), "cy").await.expect("awarded");
    let removed = remove_prize(app.context(), Operator, &slug, &harbor).await;
    assert_eq!(code(removed), "PRIZE_HAS_AWARDS");
    let fewer = PrizeInput { count: Some("1".to_owned()), ..PrizeInput::default() };
    let refused = edit_prize(app.context(), Operator, &slug, &harbor, &fewer).await;
    assert_eq!(code(refused), "BAD_HACKATHON");
    let unknown = edit_prize(app.context(), Operator, &slug, "unknown", &fewer).await;
    assert_eq!(code(unknown), "NOT_FOUND");
    let nameless = create_prize(app.context(), Operator, &slug, &prize(" ", 1)).await;
    assert_eq!(code(nameless), "BAD_HACKATHON");
    app.prize_giving(&slug).await;
    let late = create_prize(app.context(), Operator, &slug, &prize("Late", 1)).await;
    assert_eq!(code(late), "HACKATHON_PHASE");
    let late = edit_prize(app.context(), Operator, &slug, &harbor, &more).await;
    assert_eq!(code(late), "HACKATHON_PHASE");
    app.work().await;
    app.abandon().await;
}

#[tokio::test]
async fn each_refused_award_has_its_code() {
    let app = TestApp::start().await;
    let slug = app.closed_event().await;
    let harbor = app.prize(&slug, "Harbor prize", 1).await;
    let one = (slug.as_str(), harbor.as_str());
    app.clock.set(at("2026-11-20T18:00:00Z"));
    assert_eq!(code(app.awards(one, "ada").await), "HACKATHON_PHASE");
    app.clock.set(at("2026-11-24T18:00:00Z"));
    let unknown = award_prize(
        app.context(),
        Operator,
        slug.as_str(),
        harbor.as_str(),
        app.context().ids.next().into(),
    );
    assert_eq!(code(unknown.await), "NOT_FOUND");
    let unknown = app.awards((&slug, "unknown"), "ada").await;
    assert_eq!(code(unknown), "NOT_FOUND");
    let organizer = app.hacker_id("organizer").await;
    let cy = app.submission_of(&slug, "cy").await.key();
    rule_submission(app.context(), organizer, &slug, cy, Ruling::Disqualify, "It is a copy.")
        .await
        .expect("disqualified");
    assert_eq!(code(app.awards(one, "cy").await), "SUBMISSION_NOT_JUDGED");
    let award = app.awards(one, "ada").await.expect("awarded");
    assert_eq!(code(app.awards(one, "ada").await), "PRIZE_ALREADY_AWARDED");
    rule_submission(app.context(), organizer, &slug, cy, Ruling::Reinstate, "")
        .await
        .expect("reinstated");
    assert_eq!(code(app.awards(one, "cy").await), "PRIZE_COUNT_REACHED");
    let early = step_prize(app.context(), Operator, &slug, award.key(), Sent, "").await;
    assert_eq!(code(early), "HACKATHON_PHASE");
    take_back_prize(app.context(), Operator, &slug, award.key()).await.expect("taken back");
    let award = app.awards(one, "cy").await.expect("free again");
    app.prize_giving(&slug).await;
    let late = take_back_prize(app.context(), Operator, &slug, award.key()).await;
    assert_eq!(code(late), "HACKATHON_PHASE");
    app.work().await;
    app.abandon().await;
}

#[tokio::test]
async fn awards_are_for_staff_until_the_results() {
    let app = TestApp::start().await;
    let slug = app.closed_event().await;
    let harbor = app.prize(&slug, "Harbor prize", 1).await;
    let award = app.awards((&slug, &harbor), "ada").await.expect("awarded");
    app.work().await;
    let visitor = Browser::new(&app);
    let list = format!("/api/v1/hackathons/{slug}/prizes");
    assert_eq!(visitor.json(&list).await["items"][0]["winners"], serde_json::json!([]));
    let page = visitor.get(&format!("/hackathons/{slug}")).await.text;
    assert!(page.contains("Harbor prize") && !page.contains("Won by"), "{page}");
    let ada = app.browser_of("ada").await;
    let own = ada.json(&format!("/api/v1/me/hackathons/{slug}/prizes")).await;
    assert_eq!(own["items"], serde_json::json!([]));
    let person = app.hacker_id("ada").await;
    let early = claim_prize(app.context(), person, &slug, award.key(), ADDRESS).await;
    assert_eq!(code(early), "NOT_FOUND");
    assert!(app.prize_news("ada").await.is_empty());
    let organizer = app.browser_of("organizer").await;
    let page = organizer.get(&format!("/hackathons/{slug}/prize-awards")).await.text;
    assert!(page.contains("Not published"), "{page}");

    app.prize_giving(&slug).await;
    app.work().await;
    for login in ["ada", "bo"] {
        assert_eq!(app.prize_news(login).await, ["You won Harbor prize at Low Tide"], "{login}");
    }
    assert!(app.prize_news("cy").await.is_empty());
    let shown = visitor.json(&list).await;
    assert_eq!(shown["items"][0]["winners"][0]["team"], "Gannet");
    for path in ["", "/projects"] {
        let page = visitor.get(&format!("/hackathons/{slug}{path}")).await.text;
        let project = format!("/hackathons/{slug}/projects/{}", award.submission_id);
        assert!(page.contains("Harbor prize") && page.contains(&project), "{page}");
    }
    let page = ada.get(&format!("/hackathons/{slug}")).await.text;
    assert!(page.contains("You won a prize."), "{page}");
    app.abandon().await;
}

#[tokio::test]
async fn a_prize_is_claimed_sent_and_received() {
    let app = TestApp::start().await;
    let slug = app.closed_event().await;
    let harbor = app.prize(&slug, "Harbor prize", 1).await;
    let award = app.awards((&slug, &harbor), "ada").await.expect("awarded").key();
    app.prize_giving(&slug).await;
    app.work().await;
    let (ada, bo, cy) =
        (app.hacker_id("ada").await, app.hacker_id("bo").await, app.hacker_id("cy").await);
    assert_eq!(
        code(claim_prize(app.context(), cy, slug.as_str(), award, ADDRESS).await),
        "NOT_FOUND"
    );
    assert_eq!(
        code(claim_prize(app.context(), ada, slug.as_str(), award, " ").await),
        "BAD_HACKATHON"
    );
    let browser = app.browser_of("ada").await;
    let form = format!("/hackathons/{slug}/own-prizes/{award}");
    let claimed = browser.post(&form, &[("claim", ADDRESS)]).await;
    assert_eq!(claimed.status, 303, "{}", claimed.text);
    assert_eq!(
        code(claim_prize(app.context(), bo, slug.as_str(), award, "Elsewhere").await),
        "PRIZE_STATE"
    );
    let stored = reads::prize_award(&app.context().db, award).await;
    let stored = stored.expect("read").expect("an award");
    assert_eq!((stored.state, stored.claimed_by.as_deref()), (Claimed, Some("ada")));
    let sealed = stored.claim_secret.expect("claim details");
    assert!(!String::from_utf8_lossy(&sealed).contains("Quay"));

    // Only organizers read the details, and each reading is recorded.
    let organizer = app.browser_of("organizer").await;
    let page = format!("/hackathons/{slug}/prize-awards/{award}");
    assert!(!organizer.get(&page).await.text.contains("1 Quay Street"));
    let file = organizer.get(&format!("/hackathons/{slug}/prize-awards.csv")).await.text;
    assert!(file.contains("\"claimed\"") && !file.contains("Quay"), "{file}");
    let unread = organizer.post(&page, &[("state", "sent"), ("reason", "By ferry")]).await;
    unread.refuses_form(422, Some("reason"), "Only a forfeited prize has a reason");
    assert!(unread.text.contains("By ferry"), "{}", unread.text);
    let shown = organizer.post(&format!("{page}/claim"), &[]).await;
    assert!(shown.text.contains("1 Quay Street"), "{}", shown.text);
    let path = format!("/api/v1/hackathons/{slug}/prize-awards/{award}/claim");
    assert_eq!(organizer.json(&path).await["claim"], ADDRESS);
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    assert_eq!(admin.get(&path).await.status, 403);
    let readings = "SELECT count(*) FROM audit_logs WHERE action = 'prize.read_claim'";
    assert_eq!(app.count(readings).await, 2);

    app.work().await;
    for (to, expected) in [(Sent, None), (Sent, Some("PRIZE_STATE")), (Received, None)] {
        let stepped = step_prize(app.context(), Operator, slug.as_str(), award, to, "").await;
        match expected {
            Some(expected) => assert_eq!(code(stepped), expected),
            None => assert_eq!(stepped.expect("stepped").state, to),
        }
        app.work().await;
    }
    let left = "SELECT count(*) FROM prize_awards WHERE claim_secret IS NOT NULL";
    assert_eq!(app.count(left).await, 0);
    let lost = step_prize(app.context(), Operator, slug.as_str(), award, Forfeited, "Lost.").await;
    assert_eq!(code(lost), "PRIZE_STATE");
    assert_eq!(
        code(claim_prize(app.context(), ada, slug.as_str(), award, ADDRESS).await),
        "PRIZE_STATE"
    );
    let news = app.prize_news("bo").await;
    assert_eq!(news.len(), 3, "{news:?}");
    app.abandon().await;
}

#[tokio::test]
async fn a_forfeited_prize_is_awarded_again() {
    let app = TestApp::start().await;
    let slug = app.closed_event().await;
    let harbor = app.prize(&slug, "Harbor prize", 1).await;
    let one = (slug.as_str(), harbor.as_str());
    let award = app.awards(one, "ada").await.expect("awarded").key();
    app.prize_giving(&slug).await;
    app.work().await;
    let silent = step_prize(app.context(), Operator, slug.as_str(), award, Forfeited, " ").await;
    assert_eq!(code(silent), "BAD_HACKATHON");
    step_prize(app.context(), Operator, slug.as_str(), award, Forfeited, "They moved.")
        .await
        .expect("forfeited");
    app.work().await;
    app.awards(one, "cy").await.expect("awarded again");
    app.work().await;
    assert_eq!(app.prize_news("cy").await, ["You won Harbor prize at Low Tide"]);
    assert_eq!(app.prize_news("ada").await[0], "Harbor prize is forfeited");
    let winners = reads::prize_winners(&app.context().db, app.hackathon_view(&slug).await.key());
    let winners = winners.await.expect("read");
    assert_eq!(winners.len(), 1);
    assert_eq!(winners[0].team(), "cy");
    app.abandon().await;
}

#[tokio::test]
async fn a_disqualified_winner_neither_claims_nor_shows() {
    let app = TestApp::start().await;
    let slug = app.closed_event().await;
    let harbor = app.prize(&slug, "Harbor prize", 1).await;
    let award = app.awards((&slug, &harbor), "cy").await.expect("awarded");
    app.prize_giving(&slug).await;
    let organizer = app.hacker_id("organizer").await;
    rule_submission(
        app.context(),
        organizer,
        &slug,
        award.submission_id.into(),
        Ruling::Disqualify,
        "It is a copy.",
    )
    .await
    .expect("disqualified");
    let cy = app.hacker_id("cy").await;
    let refused = claim_prize(app.context(), cy, &slug, award.key(), ADDRESS).await;
    assert_eq!(code(refused), "DISQUALIFIED");
    app.work().await;
    assert!(app.prize_news("cy").await.is_empty());
    let page = Browser::new(&app).get(&format!("/hackathons/{slug}")).await.text;
    assert!(!page.contains("Won by"), "{page}");
    app.abandon().await;
}

#[tokio::test]
async fn organizers_are_reminded_once_and_then_admins_alerted() {
    let app = TestApp::start().await;
    let slug = app.closed_event().await;
    let harbor = app.prize(&slug, "Harbor prize", 2).await;
    app.awards((&slug, &harbor), "ada").await.expect("awarded");
    let sent = app.awards((&slug, &harbor), "cy").await.expect("awarded");
    app.prize_giving(&slug).await;
    step_prize(app.context(), Operator, &slug, sent.key(), Sent, "").await.expect("sent");
    app.work().await;
    for (days, ran, notices) in [(6, "0 prizes", 0), (1, "1 prize", 1), (1, "0 prizes", 1)] {
        app.clock.advance(TimeDelta::days(days));
        assert_eq!(app.run_schedule("PrizeFulfillmentMonitor").await, ran);
        app.work().await;
        let news = app.prize_news("organizer").await;
        assert_eq!(news.len(), notices, "{news:?}");
    }
    let waiting = |days| {
        let since = at("2026-11-29T18:00:00Z") + TimeDelta::days(days);
        reads::waiting_prizes(&app.context().db, since - TimeDelta::days(14))
    };
    let (db, before) = (&app.context().db, at("2026-11-29T17:59:59Z"));
    assert!(reads::waiting_prizes(db, before).await.expect("read").is_empty());
    let found = waiting(14).await.expect("read");
    assert_eq!((found.len(), &*found[0].slug, found[0].waiting), (1, &*slug, 1));
    app.abandon().await;
}

#[tokio::test]
async fn claim_details_vanish_with_the_person_and_after_180_days() {
    let app = TestApp::start().await;
    let slug = app.closed_event().await;
    let harbor = app.prize(&slug, "Harbor prize", 2).await;
    let first = app.awards((&slug, &harbor), "ada").await.expect("awarded").key();
    let second = app.awards((&slug, &harbor), "cy").await.expect("awarded").key();
    app.prize_giving(&slug).await;
    let (ada, bo, cy) =
        (app.hacker_id("ada").await, app.hacker_id("bo").await, app.hacker_id("cy").await);
    for (person, award) in [(ada, first), (cy, second)] {
        claim_prize(app.context(), person, &slug, award, ADDRESS).await.expect("claimed");
    }
    let tx = app.context().begin().await.expect("a transaction");
    let exported = privacy::export(MODULES, &tx, app.context(), ada).await;
    drop(tx);
    let exported = exported.expect("exported");
    assert_eq!(exported["hackathons"]["prizes"][0]["claim"], ADDRESS, "{exported}");
    privacy::erase(MODULES, app.context(), Operator, ada).await.expect("erased");
    let left = "SELECT count(*) FROM prize_awards WHERE claim_secret IS NOT NULL";
    assert_eq!(app.count(left).await, 1);
    // The team keeps its prize: another member claims it.
    claim_prize(app.context(), bo, &slug, first, "Bo, 2 Quay Street").await.expect("claimed");
    let organizer = app.hacker_id("organizer").await;
    let read = read_prize_claim(app.context(), organizer, &slug, first).await;
    assert_eq!(read.expect("read").as_deref(), Some("Bo, 2 Quay Street"));
    app.clock.set(at("2027-05-28T17:59:59Z"));
    app.run_schedule("HackathonRetention").await;
    assert_eq!(app.count(left).await, 2);
    app.clock.set(at("2027-05-28T18:00:00Z"));
    app.run_schedule("HackathonRetention").await;
    assert_eq!(app.count(left).await, 0);
    assert_eq!(app.run_schedule("HackathonRetention").await, "0 hackathons");
    let late = claim_prize(app.context(), bo, &slug, first, ADDRESS).await;
    assert_eq!(code(late), "HACKATHON_PHASE");
    app.abandon().await;
}
