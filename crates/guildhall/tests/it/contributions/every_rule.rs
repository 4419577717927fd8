//! The displayed calculations add up to the ledger in a week in which every rule changes points.

use chrono::TimeDelta;
use contributions::{
    actions::{NewReview, NewRules, publish_rules},
    model::ReviewAction,
    rules::review::ReviewWords,
};
use platform::audit::Actor::Operator;
use testkit::{
    fake_github::ChangedFile,
    payloads::{Label, PullState},
};

use super::displayed::{assert_bind, assert_pages_add_up};
use crate::{
    app::TestApp,
    syncs::{REPOSITORY, Scene},
};

/// The title of a pull request, its files with the number of added lines, and a label.
type Kind = (&'static str, &'static [(&'static str, i64)], Option<&'static str>);

const KINDS: [Kind; 8] = [
    ("feat: Read lamps", &[("src/lamp.rs", 340)], None),
    ("fix: Keep the light", &[("src/light.rs", 90), ("tests/light.rs", 25)], None),
    ("feat: Dim lamps", &[("src/dim.rs", 1_150), ("docs/dim.md", 12)], None),
    (
        "refactor: Split the wick",
        &[("src/wick.rs", 505), ("tests/wick.rs", 60), ("docs/wick.md", 9)],
        None,
    ),
    ("Fix typo", &[("src/lamp.rs", 2)], None),
    ("chore: Renew the lock file", &[("src/lamp.rs", 3), ("package-lock.json", 4_000)], None),
    ("docs: Describe lamps", &[("docs/lamps.md", 80)], None),
    ("Buy lamps", &[("README.md", 1)], Some("spam")),
];

/// The number of pull requests of each person.
const PULLS: usize = 15;

/// Opens a pull request of a kind.
fn open(scene: &Scene, author: &str, (title, files, label): Kind) -> i64 {
    let lines = files.iter().map(|(_, lines)| lines).sum();
    let shape = |pull: &mut PullState| {
        title.clone_into(&mut pull.title);
        (pull.additions, pull.deletions) = (lines, 0);
        pull.changed_files = files.len() as i64;
        pull.labels.extend(label.map(Label::named));
    };
    let opened = scene.github.open_pull(REPOSITORY, author, shape);
    let number = opened.expect("opened");
    let changed = |(name, additions): &(&str, i64)| ChangedFile {
        filename: (*name).to_owned(),
        additions: *additions,
        deletions: 0,
        patch: None,
    };
    let files = files.iter().map(changed).collect();
    scene.github.set_files(REPOSITORY, number, files).expect("set");
    number
}

/// Publishes rules with a factor for a type, and a cap that a week reaches.
async fn publish(app: &TestApp) {
    let rules = NewRules {
        document: r#"{"monthly_cap": 700, "types": {"fix": 1.3}}"#.to_owned(),
        based_on: None,
    };
    let published = publish_rules(app.context(), Operator, "season", rules);
    published.await.expect("published");
}

/// Has a maintainer rate a pull request.
async fn rate(app: &TestApp, number: i64, rating: i64) {
    let review = NewReview {
        action: ReviewAction::Rated,
        rating: Some(rating),
        decision: None,
        words: ReviewWords::default(),
    };
    let given = app.give_review("lantern", number, "finch-ash", review);
    given.await.expect("rated");
}

#[tokio::test]
async fn every_rule_changes_points_and_every_page_adds_up() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    publish(&app).await;
    // The cap of a month is that of the rules in force when it begins.
    scene.pass(&[&app], TimeDelta::days(31));
    let mut numbers = Vec::new();
    // The first person opens more in a day than the rules count.
    for (author, minutes) in [("hexacat", 20), ("monacat", 150), ("octavia", 170)] {
        for place in 0..PULLS {
            let number = open(&scene, author, KINDS[place % KINDS.len()]);
            scene.pass(&[&app], TimeDelta::minutes(minutes));
            let merged = scene.github.merge(REPOSITORY, number, "rook-elm");
            merged.expect("merged");
            numbers.push(number);
        }
    }
    scene.register(&app).await;
    app.work().await;
    app.know_reviewer("season", "finch-ash").await;
    for (number, rating) in numbers.iter().zip([1, 2, 4, 5].into_iter().cycle()) {
        rate(&app, *number, rating).await;
    }
    app.work().await;
    app.verify().await;
    let kinds = assert_pages_add_up(&app, 20).await;
    assert_bind(
        &kinds,
        &[
            "Diminishing",
            "Documentation",
            "Frequency",
            "Low value",
            "Merged",
            "Monthly cap reached",
            "Opened",
            "Rating",
            "Rounding",
            "Size",
            "Spam",
            "Tests",
            "Type",
        ],
    );
    app.finish().await;
}
