//! Repositories that are read equal those whose deliveries arrive.

use super::*;

/// Checks a server, and returns its dump without the number of statements, which depends on how many say the same.
async fn dump(app: &TestApp) -> Vec<String> {
    app.verify().await;
    let line = |line: String| match line.split_once(r#","versions":"#) {
        Some((facts, _)) => facts.to_owned(),
        None => line,
    };
    app.dump().await.into_iter().map(line).collect()
}

/// Compares the dumps of two servers.
async fn assert_equal(one: &TestApp, other: &TestApp, seed: u64) {
    let (one, other) = (dump(one).await, dump(other).await);
    let differing: Vec<_> = one.iter().zip(&other).filter(|(a, b)| a != b).take(3).collect();
    assert!(one == other, "seed {seed}: {} and {} lines, {differing:#?}", one.len(), other.len());
}

#[tokio::test]
async fn an_import_equals_the_deliveries_of_the_same_history() {
    for seed in 1..=6 {
        let scene = Scene::new().await;
        let (delivered, imported) = (scene.server().await, scene.server().await);
        scene.register(&delivered).await;
        scene.deliver_to(&delivered);
        let mut rng = Rng::new(seed);
        scene.live(&[&delivered, &imported], 12, 120, &mut rng).await;
        delivered.work().await;
        // Deliveries have no lists of files.
        read_again(&delivered).await;
        scene.register(&imported).await;
        imported.work().await;
        assert_equal(&delivered, &imported, seed).await;
        delivered.finish().await;
        imported.finish().await;
    }
}

#[tokio::test]
async fn dropped_deliveries_are_made_up_for() {
    for seed in 1..=4 {
        let scene = Scene::new().await;
        let (lossy, fresh) = (scene.server().await, scene.server().await);
        scene.register(&lossy).await;
        lossy.work().await;
        scene.deliver_to(&lossy);
        scene.github.switch(|switches| switches.dropped = 0.3);
        let mut rng = Rng::new(seed);
        for _ in 0..4 {
            scene.live(&[&lossy, &fresh], 12, 30, &mut rng).await;
            lossy.work().await;
            read_again(&lossy).await;
        }
        scene.register(&fresh).await;
        fresh.work().await;
        assert_equal(&lossy, &fresh, seed).await;
        lossy.finish().await;
        fresh.finish().await;
    }
}

#[tokio::test]
async fn reading_again_changes_nothing() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    scene.live(&[&app], 8, 60, &mut Rng::new(9)).await;
    scene.register(&app).await;
    app.work().await;
    let (before, entries) = (dump(&app).await, app.net_ledger().await);
    read_again(&app).await;
    let admin = "UPDATE repositories SET last_synced_at = NULL";
    app.change(admin).await.expect("forgotten");
    read_again(&app).await;
    assert_eq!(dump(&app).await, before);
    assert_eq!(app.net_ledger().await, entries);
    app.finish().await;
}

#[tokio::test]
async fn a_deleted_label_does_not_change_the_past() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    scene.register(&app).await;
    scene.deliver_to(&app);
    let number = scene.github.open_pull(REPOSITORY, "hexacat", |_| {}).expect("opened");
    let label = |name: &str| Act::Labeled(testkit::payloads::Label::named(name));
    let act = |act: Act| {
        let acted = scene.github.act(REPOSITORY, number, "rook-elm", act);
        acted.expect("acted");
    };
    for step in [label("spam"), Act::Merged] {
        scene.pass(&[&app], TimeDelta::hours(1));
        act(step);
    }
    scene.pass(&[&app], TimeDelta::days(10));
    act(label("later"));
    scene.github.settle().await;
    app.work().await;
    let entries = app.net_ledger().await;
    assert_eq!(entries, ["#1  spam -20 2026-09"]);
    scene.github.delete_label(REPOSITORY, "spam").expect("deleted");
    read_again(&app).await;
    app.verify().await;
    assert_eq!(app.net_ledger().await, entries);
    app.finish().await;
}
