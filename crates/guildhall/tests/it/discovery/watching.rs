//! Watches of people, and searches on GitHub.

use discovery::{
    actions::{unwatch, watch},
    rules::watches::{watched_repository, watched_topic},
};
use futures_util::future::join_all;
use platform::ActionError;
use serde_json::{Value, json};

use super::*;
use crate::{
    app::{
        at_once::{patiently, people},
        browser::{Answer, Browser},
    },
    auth::{
        objects::{Make, ObjectRow},
        rows::{Access::SignedIn, Form, NONE, Row},
    },
};

const BEGIN: &str = "/api/v1/repositories/watch";
const OWN: &str = "/api/v1/me/watches";
const TOPIC: Form = &[("topic", "cli")];

/// The rows of the permission matrix.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    ("POST", BEGIN, BEGIN, NONE, SignedIn(422)),
    ("GET", OWN, OWN, NONE, SignedIn(200)),
    ("DELETE", "/api/v1/me/watches/{id}", "/api/v1/me/watches/01900000-0000-7000-8000-0000000000d1", NONE, SignedIn(404)),
    ("GET", "/discover/watching", "/discover/watching", NONE, SignedIn(200)),
    ("POST", "/discover/watching", "/discover/watching", TOPIC, SignedIn(303)),
    ("POST", "/discover/watching/{id}/end", "/discover/watching/01900000-0000-7000-8000-0000000000d1/end", NONE, SignedIn(404)),
];

/// A watch of the person.
const WATCH: Make = |app, login| Box::pin(async { vec![begun(app, login).await] });

/// Routes to watches, with real ones.
pub(crate) const OBJECTS: &[ObjectRow] = &[
    ("DELETE", "/api/v1/me/watches/{id}", WATCH, NONE, 204),
    ("POST", "/discover/watching/{id}/end", WATCH, NONE, 303),
];

/// Begins a watch of a person, and returns its ID.
async fn begun(app: &TestApp, login: &str) -> String {
    let person = app.person_id(login).await.into();
    let number = app.count("SELECT count(*) FROM discovery_watches").await;
    let topic = format!("topic-{number}");
    let of = watched_topic(&topic).expect("valid");
    let begun = watch(app.context(), person, &of).await;
    begun.expect("begun").id.to_string()
}

/// Performs every audited action with a person.
pub(crate) async fn act(app: &TestApp, login: &str) {
    let id = begun(app, login).await.parse().expect("an ID");
    let person = app.person_id(login).await.into();
    unwatch(app.context(), person, id).await.expect("ended");
}

impl Browser<'_> {
    async fn watch(&self, kind: &str, name: &str) -> Answer {
        self.call("POST", BEGIN, Some(&json!({ kind: name }))).await
    }

    async fn watches(&self) -> Vec<String> {
        let list = self.json(OWN).await;
        let line = |own: &Value| {
            let text = |name: &str| own[name].as_str().unwrap_or_default().to_owned();
            format!("{} {}", text("name"), own["repositories"])
        };
        list["items"].as_array().expect("items").iter().map(line).collect()
    }

    async fn end_first(&self) {
        let list = self.json(OWN).await;
        let id = list["items"][0]["id"].as_str().expect("an ID");
        let ended = self.call("DELETE", &format!("{OWN}/{id}"), None).await;
        assert_eq!(ended.status, 204);
    }
}

/// Returns the followed repositories.
async fn followed(app: &TestApp) -> Vec<String> {
    let sql = "SELECT full_name AS value FROM repositories WHERE follows_issues ORDER BY full_name";
    app.values(sql).await
}

async fn unfollow(app: &TestApp, name: &str) -> discovery::actions::Unfollowed {
    let context = app.context();
    let mut tx = context.begin().await.expect("a transaction");
    let ended = discovery::actions::unfollow(&mut tx, context, &[name.to_owned()]).await;
    tx.commit().await.expect("committed");
    app.work().await;
    ended.expect("ended")
}

#[tokio::test]
async fn a_watched_repository_is_followed_until_the_last_watch_ends() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.open(LANTERN, "Sort by name", &[]);
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    let begun = ada.watch("repository", LANTERN).await;
    assert_eq!(begun.status, 201, "{}", begun.text);
    assert_eq!(bo.watch("repository", "https://github.com/Octo-Org/Lantern").await.status, 201);
    assert_eq!(ada.watches().await, ["octo-org/lantern 0"]);
    app.work().await;
    assert_eq!(ada.watches().await, ["octo-org/lantern 1"]);
    assert_eq!(opportunities(&app).await, ["1 active"]);
    ada.end_first().await;
    app.work().await;
    assert_eq!(followed(&app).await, [LANTERN]);
    bo.end_first().await;
    app.work().await;
    assert_eq!(followed(&app).await.len(), 0);
    assert_eq!(opportunities(&app).await, ["1 expired: its repository is no longer followed"]);
    app.finish().await;
}

#[tokio::test]
async fn what_an_operator_follows_stays_after_a_watch_and_the_other_way_round() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    follow(&app, &[LANTERN]).await;
    let ada = app.browser_of("ada").await;
    ada.watch("repository", LANTERN).await;
    ada.end_first().await;
    app.work().await;
    assert_eq!(followed(&app).await, [LANTERN]);
    ada.watch("repository", LANTERN).await;
    let kept = unfollow(&app, LANTERN).await;
    assert_eq!((kept.ended, kept.wanted), (0, 1));
    assert_eq!(followed(&app).await, [LANTERN]);
    ada.end_first().await;
    app.work().await;
    assert_eq!(followed(&app).await.len(), 0);
    app.finish().await;
}

#[tokio::test]
async fn a_watched_topic_is_searched_at_github() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    for name in ["tide", "sand"] {
        reef.repository("octo-org", name);
    }
    reef.github
        .shape("octo-org/sand", |repo| {
            repo.topics = vec!["sand".to_owned()];
        })
        .expect("known");
    let ada = app.browser_of("ada").await;
    assert_eq!(ada.watch("topic", "CLI").await.status, 201);
    app.work().await;
    assert_eq!(followed(&app).await, [LANTERN, "octo-org/tide"]);
    assert_eq!(ada.watches().await, ["cli 2"]);
    assert_eq!(reef.github.searches(), 1);
    // The same result does not count toward the limit.
    app.run_schedule("GithubSearches").await;
    app.work().await;
    assert_eq!(reef.github.searches(), 1);
    reef.repository("octo-org", "foam");
    app.run_schedule("GithubSearches").await;
    app.work().await;
    assert_eq!(followed(&app).await, ["octo-org/foam", LANTERN, "octo-org/tide"]);
    // A repository that also an operator follows stays.
    follow(&app, &["octo-org/tide"]).await;
    ada.end_first().await;
    app.work().await;
    assert_eq!(followed(&app).await, ["octo-org/tide"]);
    assert_eq!(app.count("SELECT count(*) FROM discovery_finds").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn repositories_that_a_search_no_longer_finds_stay_for_a_month() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let ada = app.browser_of("ada").await;
    ada.watch("topic", "cli").await;
    app.work().await;
    reef.github.shape(LANTERN, |repo| repo.topics = Vec::new()).expect("known");
    for (days, expected) in [(20, 1), (20, 0)] {
        reef.pass(&app, TimeDelta::days(days));
        app.run_schedule("GithubSearches").await;
        app.work().await;
        assert_eq!(followed(&app).await.len(), expected);
    }
    app.finish().await;
}

#[tokio::test]
async fn the_limit_for_searches_stops_nothing_else() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.github.switch(|switches| switches.search_remaining = 0);
    let ada = app.browser_of("ada").await;
    ada.watch("topic", "cli").await;
    app.work().await;
    reef.repository("octo-org", "tide");
    follow(&app, &["octo-org/tide"]).await;
    assert_eq!(followed(&app).await, ["octo-org/tide"]);
    reef.pass(&app, TimeDelta::seconds(62));
    app.work().await;
    assert_eq!(followed(&app).await, [LANTERN, "octo-org/tide"]);
    app.finish().await;
}

#[tokio::test]
async fn operators_follow_the_repositories_of_a_search_for_issues() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    for name in ["tide", "sand"] {
        reef.repository("octo-org", name);
    }
    reef.open(LANTERN, "Sort by name", &["good first issue"]);
    reef.open("octo-org/tide", "Sort by name", &["bug"]);
    let taken = reef.open("octo-org/sand", "Sort by name", &["good first issue"]);
    reef.act("octo-org/sand", taken, &IssueAct::Closed(true));
    let query = discovery::rules::watches::issue_query("label:\"Good first issue\"  language:rust");
    let query = query.expect("valid");
    let context = app.context();
    for expected in [true, false] {
        let mut tx = context.begin().await.expect("a transaction");
        let is_new = discovery::actions::follow_search(&mut tx, context, &query).await;
        assert_eq!(is_new.expect("followed"), expected);
        tx.commit().await.expect("committed");
    }
    app.work().await;
    assert_eq!(followed(&app).await, [LANTERN]);
    let mut tx = context.begin().await.expect("a transaction");
    let ended = discovery::actions::unfollow_search(&mut tx, context, &query).await;
    assert!(ended.expect("ended"));
    tx.commit().await.expect("committed");
    app.work().await;
    assert_eq!(followed(&app).await.len(), 0);
    app.finish().await;
}

#[tokio::test]
async fn names_that_github_does_not_know_say_so() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let ada = app.browser_of("ada").await;
    ada.watch("repository", "octo-org/nowhere").await;
    app.work().await;
    let list = ada.json(OWN).await;
    let error = list["items"][0]["error"].as_str().expect("an error");
    assert!(error.contains("no such repository"), "{error}");
    app.finish().await;
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let ada = app.browser_of("ada").await;
    for input in [
        json!({}),
        json!({ "repository": "lantern" }),
        json!({ "topic": "two words" }),
        json!({ "repository": LANTERN, "topic": "cli" }),
    ] {
        let refused = ada.call("POST", BEGIN, Some(&input)).await;
        assert_eq!(refused.status, 422, "{input}");
        assert!(refused.text.contains("BAD_WATCH"), "{}", refused.text);
    }
    assert_eq!(ada.watch("topic", "cli").await.status, 201);
    let again = ada.watch("topic", "CLI").await;
    assert!(again.text.contains("ALREADY_WATCHED"), "{}", again.text);
    let unknown = format!("{OWN}/00000000-0000-0000-0000-000000000001");
    assert_eq!(ada.call("DELETE", &unknown, None).await.status, 404);
    // A watch that ended still counts toward those of a day.
    ada.end_first().await;
    let person = app.person_id("ada").await.into();
    for number in 1..100 {
        let of = watched_topic(&format!("t{number}")).expect("valid");
        let begun = watch(app.context(), person, &of).await.expect("begun");
        unwatch(app.context(), person, begun.id).await.expect("ended");
    }
    let refused = ada.watch("topic", "tide").await;
    assert_eq!(refused.status, 429, "{}", refused.text);
    reef.pass(&app, TimeDelta::hours(25));
    app.run_schedule("GithubSearches").await;
    app.work().await;
    assert_eq!(app.count("SELECT count(*) FROM discovery_watches").await, 0);
    assert_eq!(ada.watch("topic", "tide").await.status, 201);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_person_watches_by_forms() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let ada = app.browser_of("ada").await;
    let page = ada.get("/discover/watching").await;
    assert!(page.text.contains("You watch nothing yet"), "{}", page.text);
    let sent = ada.post("/discover/watching", &[("repository", LANTERN)]).await;
    assert_eq!(sent.status, 303);
    let wrong = ada.post("/discover/watching", &[("topic", "two words")]).await;
    assert_eq!(wrong.status, 422);
    app.work().await;
    let page = ada.get("/discover/watching").await;
    assert!(page.text.contains(LANTERN) && page.text.contains("Followed"), "{}", page.text);
    let repository = format!("/discover/repositories/{LANTERN}");
    let page = ada.get(&repository).await;
    assert!(page.text.contains("End watch"), "{}", page.text);
    let other = app.browser_of("bo").await.get(&repository).await;
    assert!(other.text.contains(">Watch</button>"), "{}", other.text);
    let anybody = Browser::new(&app).get(&repository).await;
    assert!(anybody.text.contains("Sign in to watch it"), "{}", anybody.text);
    app.finish().await;
}

#[tokio::test]
async fn an_erased_person_leaves_no_watch() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let ada = app.browser_of("ada").await;
    ada.watch("repository", LANTERN).await;
    ada.watch("topic", "cli").await;
    app.work().await;
    let person = app.person_id("ada").await;
    let context = app.context();
    let tx = context.begin().await.expect("a transaction");
    let exported = discovery::MODULE.export.expect("an export")(&tx, context, person).await;
    let watches = exported.expect("exported")["watches"].to_string();
    assert!(watches.contains(LANTERN) && watches.contains("cli"), "{watches}");
    let erase = discovery::MODULE.erase.expect("an erasure");
    let actor = platform::audit::Actor::Person(person);
    erase(&tx, context, actor, person).await.expect("erased");
    tx.commit().await.expect("committed");
    assert_eq!(app.count("SELECT count(*) FROM discovery_watches").await, 0);
    app.run_schedule("GithubSearches").await;
    app.work().await;
    assert_eq!(followed(&app).await.len(), 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_person_who_watches_sixty_topics_at_once_watches_fifty() {
    let reef = Reef::new().await;
    let mut app = reef.server().await;
    app.may_leave_work();
    let person = people(&app, 1).await[0];
    let watching = (0..60).map(|number| {
        let context = app.context().clone();
        tokio::spawn(async move {
            let of = watched_topic(&format!("t{number}")).expect("valid");
            patiently(|| watch(&context, person, &of)).await
        })
    });
    let mut refused = Vec::new();
    for outcome in join_all(watching).await {
        match outcome.expect("ended") {
            Ok(_) => {}
            Err(ActionError::Refused(problem)) => refused.push(problem.code),
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(refused, ["WATCH_LIMIT"; 10]);
    let open = "SELECT count(*) FROM discovery_watches WHERE ended_at IS NULL";
    assert_eq!(app.count(open).await, 50);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_repository_that_people_watch_and_leave_at_once_is_followed_if_one_watches_it() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let people = people(&app, 12).await;
    let acting = people.iter().enumerate().map(|(index, person)| {
        let (context, person) = (app.context().clone(), *person);
        tokio::spawn(async move {
            let of = watched_repository(LANTERN).expect("valid");
            let begun = patiently(|| watch(&context, person, &of)).await.expect("begun");
            if index > 0 {
                patiently(|| unwatch(&context, person, begun.id)).await.expect("ended");
            }
        })
    });
    for outcome in join_all(acting).await {
        outcome.expect("ended");
    }
    app.work().await;
    assert_eq!(followed(&app).await, [LANTERN]);
    app.finish().await;
}
