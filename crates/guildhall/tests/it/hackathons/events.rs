//! The page of events lists hackathons where their flag allows it, and agrees with the front page and homes about what runs.

use std::collections::BTreeSet;

use hackathons::{FLAG, rules::details::HackathonInput};
use platform::{
    audit::Actor,
    flags::{FlagChange, change},
};

use super::scene::november;
use crate::app::{TestApp, at, browser::Browser};

#[tokio::test]
async fn events_are_listed_where_a_flag_allows_them() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let page = browser.get("/events").await.text;
    assert!(page.contains("<h1>Events</h1>") && page.contains("No events yet"), "{page}");
    for list in ["href=\"/seasons\"", "href=\"/hackathons\""] {
        assert!(page.contains(list), "{list}");
    }
    let off = FlagChange { enabled: Some(false), ..FlagChange::default() };
    let flag = FLAG.name;
    change(app.context(), Actor::Operator, flag, off, "to try").await.expect("off");
    let page = browser.get("/events").await.text;
    assert!(!page.contains("href=\"/hackathons\"") && page.contains("href=\"/seasons\""));
    app.finish().await;
}

/// A hackathon with six days of 2026, such as `10-12`.
fn event(title: &str, visibility: &str, days: [&str; 6]) -> HackathonInput {
    HackathonInput {
        title: Some(title.to_owned()),
        visibility: Some(visibility.to_owned()),
        dates: days.map(|day| Some(format!("2026-{day}T18:00:00Z"))),
        ..november()
    }
}

/// Returns the hackathons and seasons to which a part of a page leads.
fn events(page: &str, from: &str, to: &str) -> BTreeSet<String> {
    let part = page.split_once(from).and_then(|(_, rest)| rest.split(to).next());
    let links = part.unwrap_or_default().split("href=\"").skip(1);
    let links = links.filter_map(|rest| rest.split('"').next());
    let is_event = |link: &&str| link.starts_with("/hackathons/") || link.starts_with("/seasons/");
    let slug = |link: &str| link.rsplit('/').next().unwrap_or_default().to_owned();
    links.filter(is_event).map(slug).collect()
}

#[tokio::test]
async fn all_pages_agree_about_what_runs() {
    let mut app = TestApp::of_lantern().await;
    app.may_leave_work();
    app.clock.set(at("2026-09-01T00:00:00Z"));
    app.season_until("2026-11-15").await;
    for (title, visibility, days) in [
        ("Ebb Days", "public", ["10-01", "10-20", "10-25", "11-02", "11-03", "11-06"]),
        ("Low Tide", "public", ["10-12", "11-06", "11-14", "11-22", "11-23", "11-29"]),
        ("Neap Tide", "public", ["10-02", "10-04", "10-05", "10-08", "10-08", "10-08"]),
        ("Harbor Lights", "invite_only", ["10-05", "10-10", "10-20", "10-30", "11-05", "11-10"]),
    ] {
        app.hackathon(event(title, visibility, days)).await;
    }
    let visitor = Browser::new(&app);
    for (now, running, joinable, words) in [
        // The first day has begun in the first places.
        ("2026-09-30T12:00:00Z", &["autumn"][..], &[][..], "Closes on <time"),
        ("2026-10-06T00:00:00Z", &["autumn", "neap-tide"], &["ebb-days"], "Submissions close"),
        (
            "2026-10-26T00:00:00Z",
            &["autumn", "ebb-days", "harbor-lights"],
            &["low-tide"],
            "Submissions close",
        ),
        (
            "2026-11-02T20:00:00Z",
            &["autumn", "ebb-days", "harbor-lights"],
            &["low-tide"],
            "Judging begins",
        ),
        // The last day has not ended in the last places.
        ("2026-11-16T11:00:00Z", &["autumn", "low-tide"], &[], "today</time>"),
        ("2026-11-16T13:00:00Z", &["low-tide"], &[], "Submissions close"),
        ("2026-11-28T18:00:00Z", &["low-tide"], &[], "Judging ends"),
        ("2026-11-29T18:00:00Z", &[], &[], ""),
    ] {
        app.clock.set(at(now));
        // Kept pages are read anew after a change.
        app.change(&format!("UPDATE hackathons SET summary = '{now}'")).await.expect("changed");
        let listed = visitor.get("/events").await.text;
        let front = visitor.get("/").await.text;
        let home = app.browser_of("ada").await.get("/").await.text;
        let expected: BTreeSet<String> = running.iter().map(|slug| (*slug).to_owned()).collect();
        assert_eq!(events(&listed, "id=\"running\"", "</section>"), expected, "{now}: {listed}");
        let shown = events(&front, "id=\"now\"", "</section>");
        assert!(shown.is_superset(&expected), "{now}: {front}");
        let says = front.contains("id=\"now\">Running now");
        assert_eq!(says, !expected.is_empty(), "{now}: {front}");
        let also = events(&front, "<b>Also running</b>", "</p>");
        assert!(also.is_subset(&expected), "{now}: {front}");
        let home_runs = events(&home, "id=\"run\">Running now", "<h3>Upcoming</h3>");
        let home_runs: BTreeSet<String> = match home.contains("<h3>Upcoming</h3>") {
            true => home_runs,
            false => events(&home, "id=\"run\">Running now", "</section>"),
        };
        assert_eq!(home_runs, expected, "{now}: {home}");
        let own_coming = events(&home, "<h3>Upcoming</h3>", "</section>");
        for slug in joinable {
            assert!(shown.contains(*slug) && own_coming.contains(*slug), "{now}: {slug}");
        }
        assert_eq!(own_coming.len(), joinable.len(), "{now}: {home}");
        for page in [&listed, &front, &home] {
            assert!(page.contains(words), "{now}: {words}: {page}");
        }
    }
    app.finish().await;
}
