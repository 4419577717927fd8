//! Issues of followed repositories, read from GitHub's API and delivered.

use testkit::fake_github::IssueAct;

use super::*;

/// Follows the issues of the repository, and reads them.
async fn follow(scene: &Scene, app: &TestApp) {
    let context = app.context();
    let mut tx = context.begin().await.expect("a transaction");
    let stated = [(scene.github_id, REPOSITORY.to_owned())];
    let followed = github::actions::follow_issues(&mut tx, context, &stated).await;
    assert_eq!(followed.expect("followed").len(), 1);
    tx.commit().await.expect("committed");
    app.work().await;
}

/// Reads what changed since the last time.
async fn read_changes(app: &TestApp) {
    app.run_schedule("IssueSync").await;
    app.work().await;
}

fn open(scene: &Scene, title: &str, labels: &[&str]) -> i64 {
    let labels = labels.iter().map(|name| testkit::payloads::Label::named(*name));
    let opened = scene.github.open_issue(REPOSITORY, "octavia", |issue| {
        title.clone_into(&mut issue.title);
        issue.body = Some(format!("{title}, please."));
        issue.labels = labels.collect();
    });
    opened.expect("opened")
}

fn act(scene: &Scene, number: i64, act: &IssueAct) {
    let acted = scene.github.act_on_issue(REPOSITORY, number, act, "rook-elm");
    acted.expect("acted");
}

/// Returns what is known about the issues.
async fn known(app: &TestApp) -> Vec<String> {
    let sql = "SELECT CAST(number AS text) || ' ' || title || ' ' || labels || ' ' || CASE WHEN is_closed THEN 'closed ' \
               ELSE 'open ' END || coalesce(state_reason, '-') || CASE WHEN is_locked THEN ' locked' ELSE '' END \
               || ' ' || CAST(assignees AS text) || ' ' || CAST(coalesce(open_pulls, 0) AS text) || ' ' \
               || CAST(comments AS text) AS value FROM issues ORDER BY number";
    app.values(sql).await
}

async fn calls(app: &TestApp) -> Vec<String> {
    let sql = "SELECT CAST(calls AS text) || ' of ' || CAST(all_calls AS text) || ' ' || coalesce(outcome, last_error, '-') \
               AS value FROM issue_syncs";
    app.values(sql).await
}

#[tokio::test]
async fn the_first_read_takes_one_call_a_page() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    open(&scene, "Sort by name", &["good first issue", "bug"]);
    let closed = open(&scene, "Sort by date", &[]);
    act(&scene, closed, &IssueAct::Closed(true));
    scene.github.open_pull(REPOSITORY, "octavia", |_| {}).expect("opened");
    scene.github.shape(REPOSITORY, |repo| repo.topics = vec!["lamps".to_owned()]).expect("known");
    follow(&scene, &app).await;
    assert_eq!(calls(&app).await, ["1 of 1 1 issue read"]);
    assert_eq!(known(&app).await, [r#"1 Sort by name ["bug","good first issue"] open - 0 0 0"#]);
    let repositories = github::reads::followed(&app.context().db).await.expect("read");
    let described = github::reads::described(&app.context().db, repositories).await;
    let described = &described.expect("read")[0];
    let (profile, _) = described.profile.as_ref().expect("a description");
    assert_eq!((&profile.topics[..], profile.has_contributing), (&["lamps".to_owned()][..], true));
    assert_eq!((profile.languages[0].0.as_str(), profile.open_issues), ("Rust", 1));
    assert_eq!((described.full_name.as_str(), described.is_hidden), (REPOSITORY, false));
    app.finish().await;
}

#[tokio::test]
async fn an_unchanged_list_costs_nothing() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    let number = open(&scene, "Sort by name", &[]);
    follow(&scene, &app).await;
    scene.pass(&[&app], TimeDelta::minutes(15));
    read_changes(&app).await;
    assert_eq!(calls(&app).await, ["2 of 3 1 issue read"], "the first list of changes is read");
    scene.pass(&[&app], TimeDelta::minutes(15));
    read_changes(&app).await;
    assert_eq!(calls(&app).await, ["0 of 3 nothing changed"]);
    scene.pass(&[&app], TimeDelta::minutes(15));
    act(&scene, number, &IssueAct::Assigned("wren-oak".to_owned()));
    act(&scene, number, &IssueAct::Commented("Mine".to_owned()));
    open(&scene, "Sort by date", &[]);
    read_changes(&app).await;
    assert_eq!(calls(&app).await, ["2 of 5 2 issues read"]);
    let expected = ["1 Sort by name [] open - 1 0 1", "2 Sort by date [] open - 0 0 0"];
    assert_eq!(known(&app).await, expected);
    app.finish().await;
}

#[tokio::test]
async fn many_issues_are_read_by_pages() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    for number in 0..130 {
        open(&scene, &format!("Sort by column {number}"), &[]);
    }
    scene.github.switch(|switches| switches.largest_page = 30);
    follow(&scene, &app).await;
    assert_eq!(known(&app).await.len(), 130);
    // Two pages are too large, then six of 25 are read, and the description alone.
    assert_eq!(calls(&app).await, ["9 of 9 130 issues read"]);
    assert_eq!(app.count("SELECT count(*) FROM repository_profiles").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_description_that_is_too_much_is_left_out() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    open(&scene, "Sort by name", &[]);
    scene.github.switch(|switches| switches.largest_page = 25);
    follow(&scene, &app).await;
    assert_eq!(known(&app).await.len(), 1);
    // It is tried alone too.
    assert_eq!(calls(&app).await, ["4 of 4 1 issue read"]);
    assert_eq!(app.count("SELECT count(*) FROM repository_profiles").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn what_is_no_longer_listed_is_closed() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    let (gone, kept) = (open(&scene, "Sort by name", &[]), open(&scene, "Sort by date", &[]));
    follow(&scene, &app).await;
    scene.pass(&[&app], TimeDelta::hours(1));
    act(&scene, gone, &IssueAct::Deleted);
    let context = app.context();
    let mut tx = context.begin().await.expect("a transaction");
    let repositories = github::reads::followed(&tx).await.expect("read");
    let requested = github::actions::request_issues(&mut tx, context, repositories, true).await;
    assert_eq!(requested.expect("requested"), 1);
    tx.commit().await.expect("committed");
    app.work().await;
    let expected = [
        format!("{gone} Sort by name [] closed unlisted 0 0 0"),
        format!("{kept} Sort by date [] open - 0 0 0"),
    ];
    assert_eq!(known(&app).await, expected);
    app.finish().await;
}

#[tokio::test]
async fn deliveries_follow_each_change() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    follow(&scene, &app).await;
    scene.deliver_to(&app);
    let number = open(&scene, "Sort by name", &["bug"]);
    let acts = [
        (IssueAct::Labeled("easy".to_owned()), r#"Sort by name ["bug","easy"] open - 0 0 0"#),
        (IssueAct::Unlabeled("bug".to_owned()), r#"Sort by name ["easy"] open - 0 0 0"#),
        (IssueAct::Assigned("wren-oak".to_owned()), r#"Sort by name ["easy"] open - 1 0 0"#),
        (IssueAct::Unassigned("wren-oak".to_owned()), r#"Sort by name ["easy"] open - 0 0 0"#),
        (IssueAct::Commented("Why?".to_owned()), r#"Sort by name ["easy"] open - 0 0 1"#),
        (IssueAct::Edited("Sort".to_owned(), None), r#"Sort ["easy"] open - 0 0 1"#),
        (IssueAct::Locked, r#"Sort ["easy"] open - locked 0 0 1"#),
        (IssueAct::Unlocked, r#"Sort ["easy"] open - 0 0 1"#),
        (IssueAct::Closed(false), r#"Sort ["easy"] closed not_planned 0 0 1"#),
        (IssueAct::Reopened, r#"Sort ["easy"] open reopened 0 0 1"#),
        (IssueAct::Transferred, r#"Sort ["easy"] closed transferred 0 0 1"#),
    ];
    for (change, expected) in acts {
        scene.pass(&[&app], TimeDelta::minutes(1));
        act(&scene, number, &change);
        scene.github.settle().await;
        app.work().await;
        assert_eq!(known(&app).await, [format!("{number} {expected}")]);
    }
    app.finish().await;
}

#[tokio::test]
async fn deliveries_about_other_repositories_and_pull_requests_are_left_out() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    scene.register(&app).await;
    app.work().await;
    scene.deliver_to(&app);
    open(&scene, "Sort by name", &[]);
    scene.github.settle().await;
    app.work().await;
    let outcomes = "SELECT outcome AS value FROM webhook_deliveries WHERE event = 'issues'";
    assert_eq!(app.values(outcomes).await, ["not used: no program follows the issues"]);
    assert_eq!(known(&app).await, Vec::<String>::new());
    app.finish().await;
}

#[tokio::test]
async fn the_order_of_deliveries_does_not_matter() {
    let scene = Scene::new().await;
    let (calm, troubled) = (scene.server().await, scene.server().await);
    let apps = [&calm, &troubled];
    for app in apps {
        follow(&scene, app).await;
    }
    scene.deliver_to(&troubled);
    scene.github.switch(|switches| {
        switches.shuffled = 0.5;
        switches.doubled = 0.3;
    });
    let mut rng = Rng::new(8);
    let mut numbers = Vec::new();
    for step in 0..60 {
        scene.pass(&apps, TimeDelta::seconds(rng.between(1, 90)));
        if step < 8 {
            numbers.push(open(&scene, &format!("Sort by column {step}"), &[]));
            continue;
        }
        let change = match rng.between(0, 5) {
            0 => IssueAct::Labeled(format!("label {}", rng.between(1, 4))),
            1 => IssueAct::Assigned("wren-oak".to_owned()),
            2 => IssueAct::Unassigned("wren-oak".to_owned()),
            3 => IssueAct::Commented("Yes".to_owned()),
            4 => IssueAct::Closed(true),
            _ => IssueAct::Reopened,
        };
        act(&scene, *rng.pick(&numbers), &change);
    }
    scene.github.settle().await;
    troubled.work().await;
    scene.pass(&apps, TimeDelta::hours(1));
    read_changes(&calm).await;
    assert_eq!(known(&troubled).await, known(&calm).await);
    calm.finish().await;
    troubled.finish().await;
}

#[tokio::test]
async fn pull_requests_that_close_an_issue_are_counted() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    let issue = open(&scene, "Sort by name", &[]);
    follow(&scene, &app).await;
    scene.pass(&[&app], TimeDelta::minutes(20));
    let pull = scene.github.open_pull(REPOSITORY, "octavia", |pull| {
        pull.body = Some(format!("Fixes #{issue}."));
    });
    let pull = pull.expect("opened");
    read_changes(&app).await;
    assert_eq!(known(&app).await, [format!("{issue} Sort by name [] open - 0 1 0")]);
    scene.deliver_to(&app);
    scene.pass(&[&app], TimeDelta::minutes(20));
    act(&scene, issue, &IssueAct::Commented("Nice".to_owned()));
    scene.github.settle().await;
    app.work().await;
    assert_eq!(
        known(&app).await,
        [format!("{issue} Sort by name [] open - 0 1 1")],
        "deliveries do not state it"
    );
    scene.github.merge(REPOSITORY, pull, "rook-elm").expect("merged");
    scene.github.settle().await;
    app.work().await;
    read_changes(&app).await;
    assert_eq!(known(&app).await, [format!("{issue} Sort by name [] closed completed 0 0 1")]);
    app.finish().await;
}

#[tokio::test]
async fn a_renamed_repository_is_read_and_a_deleted_one_is_disabled() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    open(&scene, "Sort by name", &[]);
    follow(&scene, &app).await;
    scene.pass(&[&app], TimeDelta::hours(1));
    scene.github.shape(REPOSITORY, |repo| repo.name = "lamp".to_owned()).expect("renamed");
    let opened = scene.github.open_issue("octo-org/lamp", "octavia", |issue| {
        "Sort by date".clone_into(&mut issue.title);
    });
    opened.expect("opened");
    read_changes(&app).await;
    scene.pass(&[&app], TimeDelta::hours(1));
    app.work().await;
    assert_eq!(known(&app).await.len(), 2);
    let names = "SELECT full_name AS value FROM repositories";
    assert_eq!(app.values(names).await, ["octo-org/lamp"]);
    app.finish().await;
}

#[tokio::test]
async fn a_repository_that_is_visible_again_is_read_on_request() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    follow(&scene, &app).await;
    let show = |is_private: bool| {
        let shown = scene.github.shape(REPOSITORY, |repo| repo.private = is_private);
        shown.expect("known");
    };
    show(true);
    open(&scene, "Sort by name", &[]);
    scene.pass(&[&app], TimeDelta::hours(1));
    read_changes(&app).await;
    let disabled = "SELECT disabled_reason AS value FROM repositories WHERE NOT is_enabled";
    assert_eq!(app.values(disabled).await.len(), 1);
    show(false);
    scene.pass(&[&app], TimeDelta::hours(1));
    follow(&scene, &app).await;
    assert_eq!(app.values(disabled).await, Vec::<String>::new());
    assert_eq!(known(&app).await.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn limits_and_errors_only_delay_it() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    for number in 0..120 {
        open(&scene, &format!("Sort by column {number}"), &[]);
    }
    scene.github.switch(|switches| switches.rate_remaining = 0);
    follow(&scene, &app).await;
    let waits = calls(&app).await;
    assert!(waits[0].contains("GitHub's limit on requests is reached"), "{waits:?}");
    scene.github.switch(|switches| {
        switches.rate_remaining = 5_000;
        switches.errors = 0.3;
    });
    for _ in 0..40 {
        scene.pass(&[&app], TimeDelta::minutes(61));
        app.work().await;
    }
    assert_eq!(known(&app).await.len(), 120);
    app.finish().await;
}

#[tokio::test]
async fn without_a_token_the_repository_says_so() {
    let scene = Scene::new().await;
    let url = scene.github.url().to_owned();
    let app = TestApp::with(move |config| config.github_api_url = url).await;
    follow(&scene, &app).await;
    let failed = "SELECT last_error AS value FROM issue_syncs WHERE dead_at IS NOT NULL";
    let failed = app.values(failed).await;
    assert!(failed[0].contains("An admin can save one at"), "{failed:?}");
    app.finish().await;
}
