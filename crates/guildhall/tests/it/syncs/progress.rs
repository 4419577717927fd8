//! Large repositories are read page by page, and go on where they stopped.

use platform::jobs::Progress;

use super::*;

/// Runs the worker once.
async fn step(app: &TestApp) -> Progress {
    let worker = app.server.jobs().workers.into_iter();
    let worker = worker.clone().find(|worker| worker.name == "repository-syncs");
    let run = worker.expect("a worker").run(app.context().clone(), app.context().ids.next());
    run.await.expect("read")
}

async fn large(scene: &Scene, app: &TestApp, pulls: i64) {
    for _ in 0..pulls {
        scene.github.open_pull(REPOSITORY, "hexacat", |_| {}).expect("opened");
        scene.pass(&[app], TimeDelta::seconds(90));
    }
}

#[tokio::test]
async fn each_page_is_recorded_with_the_place_of_the_next() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    large(&scene, &app, 250).await;
    scene.register(&app).await;
    for read in ["due 100 -", "due 200 -", "complete 250 -"] {
        assert_eq!(step(&app).await, Progress::Full);
        assert_eq!(state(&app).await, [read]);
    }
    assert_eq!(step(&app).await, Progress::Idle);
    // The repository and three pages.
    assert_eq!(scene.github.requests(), 4);
    app.work().await;
    assert_eq!(
        app.values("SELECT CAST(count(*) AS text) AS value FROM pull_requests").await,
        ["250"]
    );
    app.finish().await;
}

#[tokio::test]
async fn an_unchanged_repository_costs_nothing() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    large(&scene, &app, 30).await;
    scene.register(&app).await;
    app.work().await;
    scene.pass(&[&app], TimeDelta::hours(1));
    read_again(&app).await;
    let spent = scene.github.requests();
    scene.pass(&[&app], TimeDelta::hours(1));
    read_again(&app).await;
    assert_eq!(scene.github.requests(), spent);
    assert_eq!(state(&app).await, ["complete 0 -"]);
    scene.merged(&[&app], "octavia");
    read_again(&app).await;
    assert_eq!(state(&app).await, ["complete 1 -"]);
    app.finish().await;
}

#[tokio::test]
async fn a_worker_that_lost_the_repository_records_nothing() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    large(&scene, &app, 3).await;
    scene.register(&app).await;
    let slow = async {
        scene.github.switch(|switches| switches.latency_ms = 300);
        step(&app).await
    };
    let taken = async {
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        let take = "UPDATE repository_syncs SET claimed_by = id";
        app.change(take).await.expect("taken");
    };
    tokio::join!(slow, taken);
    assert_eq!(
        app.values("SELECT CAST(count(*) AS text) AS value FROM pull_requests").await,
        ["0"]
    );
    app.finish().await;
}
