//! Live updates of dashboards and report cards.

use std::time::Duration;

use chrono::TimeDelta;
use ctf::{model::RosterRole, reads, rules::runs::RunScope};
use reqwest::{Response, header};

use super::platform::Synced;
use crate::{
    app::{
        TestApp,
        browser::{Browser, SESSION},
    },
    flags::{set, to},
};

/// Opens a stream as the person of a browser.
async fn listen(app: &TestApp, browser: &Browser<'_>, path: &str) -> Response {
    let session = browser.cookie(SESSION).expect("a session");
    let request = app.get(path).header(header::COOKIE, format!("{SESSION}={session}"));
    let stream = request.send().await.expect("an answer");
    assert_eq!(stream.status(), 200, "{path}");
    assert_eq!(stream.headers()[header::CONTENT_TYPE], "text/event-stream");
    stream
}

/// Waits for the next event; returns whether there is one.
async fn reports(stream: &mut Response, seconds: u64) -> bool {
    let next = tokio::time::timeout(Duration::from_secs(seconds), stream.chunk());
    match next.await {
        Ok(chunk) => {
            let chunk = chunk.expect("read");
            chunk.is_some_and(|event| event.starts_with(b"event: posted"))
        }
        Err(_) => false,
    }
}

#[tokio::test]
async fn new_solves_reach_every_open_page_of_the_roster() {
    let synced = Synced::start().await;
    let app = &synced.app;
    let (roster, competitors) = synced.roster_of("coach", 2).await;
    let (_, elsewhere) = app.roster("other").await;
    app.shared_with(roster, "assistant", RosterRole::Assistant).await;
    synced.run(RunScope::All).await;
    let (coach, assistant) = (app.browser_of("coach").await, app.browser_of("assistant").await);
    let other = app.browser_of("other").await;
    let page = format!("/ctf/rosters/{roster}");
    let shown = coach.get(&page).await.text;
    assert!(shown.contains(&format!("data-events=\"{page}/events\"")));
    let (ada, ben) = (competitors[0], competitors[1]);
    let card = format!("/ctf/competitors/{ada}/events");
    let mut notified = [
        listen(app, &coach, &format!("{page}/events")).await,
        listen(app, &assistant, &format!("{page}/events")).await,
        listen(app, &coach, &card).await,
    ];
    let mut unconcerned = listen(app, &other, &format!("/ctf/rosters/{elsewhere}/events")).await;
    let sibling = app.sibling().await;
    let mark = async || reads::roster_mark(&sibling.context.db, roster).await;
    let before = mark().await.expect("read");
    let of_ben = reads::competitor_mark(&app.context().db, ben).await;
    synced.fake.book_some(&ada.to_string(), 1);
    synced.run(RunScope::Competitor(ada)).await;
    assert_ne!(mark().await.expect("read"), before, "on another replica");
    for stream in &mut notified {
        assert!(reports(stream, 10).await);
    }
    assert!(!reports(&mut unconcerned, 3).await, "another roster");
    let later = reads::competitor_mark(&app.context().db, ben).await;
    assert_eq!(later.expect("read"), of_ben.expect("read"));
    drop((notified, unconcerned));
    synced.app.finish().await;
}

#[tokio::test]
async fn only_those_who_see_the_roster_listen() {
    let synced = Synced::start().await;
    let app = &synced.app;
    let (roster, competitors) = synced.roster_of("coach", 1).await;
    app.roster("other").await;
    app.shared_with(roster, "assistant", RosterRole::Assistant).await;
    synced.run(RunScope::All).await;
    let (ada, address) = (competitors[0], format!("/ctf/rosters/{roster}/events"));
    let card = format!("/ctf/competitors/{ada}/events");
    for login in ["other", "stranger"] {
        let browser = app.browser_of(login).await;
        for path in [address.as_str(), &card, "/ctf/me/report/events"] {
            assert_eq!(browser.get(path).await.status, 404, "{login} {path}");
        }
    }
    let assistant = app.browser_of("assistant").await;
    let mut stream = listen(app, &assistant, &address).await;
    app.change("DELETE FROM roster_coaches WHERE role = 'assistant'").await.expect("removed");
    synced.fake.book_some(&ada.to_string(), 1);
    synced.run(RunScope::All).await;
    assert!(!reports(&mut stream, 10).await, "no longer on the roster");
    assert_eq!(assistant.get(&address).await.status, 404);
    set(app, "live_updates", to(false, 100)).await;
    let coach = app.browser_of("coach").await;
    assert_eq!(coach.get(&address).await.status, 404, "turned off");
    drop(stream);
    synced.app.finish().await;
}

#[tokio::test]
async fn the_progress_of_a_sync_is_on_the_dashboard() {
    let synced = Synced::with(|config| config.game_platform_concurrency = 1).await;
    let app = &synced.app;
    let (roster, _) = synced.roster_of("coach", 5).await;
    synced.roster_of("other", 2).await;
    synced.run(RunScope::All).await;
    synced.advance(TimeDelta::hours(7));
    synced.fake.switch(|switches| switches.latency_ms = 700);
    let (coach, page) = (app.browser_of("coach").await, format!("/ctf/rosters/{roster}"));
    assert!(!coach.get(&page).await.text.contains("A sync is in progress"));
    let mut stream = listen(app, &coach, &format!("{page}/events")).await;
    let look = async {
        let mut seen = Vec::new();
        while reports(&mut stream, 5).await {
            let text = coach.get(&page).await.text;
            let progress = text.split("A sync is in progress: ").nth(1);
            seen.extend(progress.and_then(|rest| rest.split('.').next().map(str::to_owned)));
        }
        seen
    };
    let (run, seen) = tokio::join!(synced.run(RunScope::All), look);
    assert_eq!(run.total, 7);
    let of_five = |said: &String| said.ends_with(" of 5 competitors");
    assert!(seen.len() > 1 && seen.iter().all(of_five), "{seen:?}");
    assert!(seen.is_sorted(), "{seen:?}");
    let after = coach.get(&page).await.text;
    assert!(!after.contains("A sync is in progress"), "{after}");
    drop(stream);
    synced.app.finish().await;
}
