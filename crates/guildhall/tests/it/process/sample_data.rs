//! Removing sample data: only where a database is marked as such, only when confirmed, and everything.

use super::Sandbox;

#[tokio::test(flavor = "multi_thread")]
async fn sample_data_goes_away_as_a_whole() {
    let sandbox = Sandbox::new().await;
    sandbox.succeed(&["seed", "--people", "3"]);
    let listed = sandbox.succeed(&["seed", "--remove"]);
    assert!(listed.contains("seed --remove --yes"), "{listed}");
    assert_eq!(sandbox.count("users").await, 3, "only listed");

    let removed = sandbox.succeed(&["seed", "--remove", "--yes"]);
    assert!(removed.contains("The database is empty."), "{removed}");
    for table in ["users", "point_transactions", "audit_logs"] {
        assert_eq!(sandbox.count(table).await, 0, "{table}");
    }

    // The schema is that of a new installation: triggers protect the ledger again, and sample data may return.
    sandbox.succeed(&["seed", "--people", "2"]);
    assert_eq!(sandbox.count("users").await, 2);
    let doctor = sandbox.succeed(&["ledger", "verify"]);
    assert!(!doctor.contains("differs"), "{doctor}");
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_databases_are_left_alone() {
    let sandbox = Sandbox::new().await;
    sandbox.succeed(&["project", "create", "--name", "Lantern", "--slug", "lantern"]);
    let refused = sandbox.run(&["seed", "--remove", "--yes"]);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("contains no sample data"), "{said}");
    let refused = sandbox.run(&["seed", "--people", "1", "--yes"]);
    assert_eq!(refused.status.code(), Some(2), "confirms only a removal");
    sandbox.remove().await;
}
