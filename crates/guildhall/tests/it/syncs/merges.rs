//! The past of a repository states who enabled auto-merge and who used the merge queue.

use super::*;

#[tokio::test]
async fn an_import_reads_who_requested_a_merge() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    let cases: [(&[(Act, &str)], &str); 6] = [
        (&[(Act::AutoMergeEnabled, "hexacat")], "rook-elm"),
        (&[(Act::Enqueued, "hexacat")], "rook-elm"),
        (&[(Act::AutoMergeEnabled, "rook-elm")], "hexacat"),
        (&[(Act::Enqueued, "rook-elm")], "hexacat"),
        (&[(Act::AutoMergeEnabled, "hexacat"), (Act::AutoMergeDisabled, "hexacat")], "rook-elm"),
        (&[(Act::Enqueued, "hexacat"), (Act::Dequeued("MANUAL"), "hexacat")], "rook-elm"),
    ];
    for (acts, merger) in cases {
        let number = scene.github.open_pull(REPOSITORY, "hexacat", |pull| pull.additions = 30);
        let number = number.expect("opened");
        for (act, by) in acts {
            scene.pass(&[&app], TimeDelta::minutes(10));
            scene.github.act(REPOSITORY, number, by, act.clone()).expect("acted");
        }
        scene.pass(&[&app], TimeDelta::minutes(10));
        scene.github.act(REPOSITORY, number, merger, Act::Merged).expect("merged");
        if matches!(acts, [(Act::Enqueued, _)]) {
            scene.github.act(REPOSITORY, number, merger, Act::Dequeued("MERGE")).expect("left");
        }
        scene.pass(&[&app], TimeDelta::hours(30));
    }
    scene.register(&app).await;
    app.work().await;
    app.verify().await;
    let merged = app.net_ledger().await.into_iter().filter(|entry| entry.contains("pr_merged"));
    let numbers: Vec<String> =
        merged.map(|entry| entry.split(' ').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(numbers, ["#3", "#4", "#5", "#6"]);
    app.finish().await;
}

#[tokio::test]
async fn deliveries_and_an_import_agree() {
    let scene = Scene::new().await;
    let (delivered, imported) = (scene.server().await, scene.server().await);
    let apps = [&delivered, &imported];
    scene.register(&delivered).await;
    scene.deliver_to(&delivered);
    for act in [Act::AutoMergeEnabled, Act::Enqueued] {
        let number = scene.github.open_pull(REPOSITORY, "octavia", |pull| pull.additions = 30);
        let number = number.expect("opened");
        scene.pass(&apps, TimeDelta::minutes(10));
        scene.github.act(REPOSITORY, number, "octavia", act).expect("acted");
        scene.pass(&apps, TimeDelta::minutes(10));
        scene.github.merge(REPOSITORY, number, "rook-elm").expect("merged");
        scene.pass(&apps, TimeDelta::hours(1));
    }
    scene.github.settle().await;
    scene.register(&imported).await;
    for app in apps {
        app.work().await;
        assert_eq!(app.net_ledger().await, [""; 0]);
        app.verify().await;
    }
    delivered.finish().await;
    imported.finish().await;
}
