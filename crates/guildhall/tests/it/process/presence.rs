//! Servers and workers list themselves, are gone from the list when they stop, and share one key.

use platform::processes;

use super::sandbox::Sandbox;

async fn kinds(sandbox: &Sandbox) -> Vec<String> {
    let mut all = processes::all(&sandbox.db).await.expect("processes");
    all.sort_by(|a, b| a.kind.cmp(&b.kind));
    all.into_iter().map(|process| process.kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_are_listed_until_they_stop() {
    let sandbox = Sandbox::new().await;
    let mut server = sandbox.serve(&["--no-jobs"]).await.says("\"ready\"").await;
    let mut worker = sandbox.worker().await;
    assert_eq!(kinds(&sandbox).await, ["serve --no-jobs", "worker"]);
    let doctor = sandbox.command(&["doctor"]).output().expect("doctor");
    let said = String::from_utf8_lossy(&doctor.stdout).into_owned();
    let of_jobs = said.lines().find(|line| line.contains("background jobs")).expect(&said);
    assert!(of_jobs.starts_with("ok") && of_jobs.contains("runs them"), "{said}");
    // A key of its own, as a worker on another machine makes one.
    let other = sandbox
        .command(&["worker"])
        .env("GUILDHALL_SECRET_KEY", "b".repeat(64))
        .output()
        .expect("a worker");
    let said = String::from_utf8_lossy(&other.stderr).into_owned();
    assert_eq!(other.status.code(), Some(1), "{said}");
    assert!(said.contains("another secret key") && said.contains("Lost secret key"), "{said}");
    worker.terminate();
    assert!(worker.ended().await.success());
    assert_eq!(kinds(&sandbox).await, ["serve --no-jobs"]);
    server.terminate();
    assert!(server.ended().await.success());
    assert!(kinds(&sandbox).await.is_empty());
    sandbox.remove().await;
}
