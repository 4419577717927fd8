//! Key rotation while the server runs.

use std::fs;

use github::actions::NewRepository;
use guildhall::{
    MODULES,
    backup::keys::{RotateInput, RotatedKeys, rotate, survey},
};
use platform::crypto::{KeyRing, SealedColumn, SecretKey};

use crate::{app::TestApp, inbox::call::Call};

const HOOK: (i64, &str) = (501, "the lantern's own secret");

async fn scene() -> TestApp {
    let app = TestApp::start().await;
    app.project("season").await;
    let new = NewRepository {
        full_name: "octo-org/lantern".to_owned(),
        github_id: 1,
        hook: Some((HOOK.0, HOOK.1.into())),
    };
    app.register("season", &new).await;
    app
}

/// Rotates the keys like another process, which shares only the file and the database with the server.
async fn rotate_elsewhere(app: &TestApp, input: RotateInput) -> RotatedKeys {
    let ring = app.server.config.key_ring().expect("a ring");
    let rotated = rotate(app.context(), &ring, input, |_| {}).await;
    rotated.expect("rotated")
}

async fn accepts_its_hook(app: &TestApp) {
    let body = r#"{"hook_id":1,"repository":{"id":1}}"#;
    let call = Call::new("ping", body).of_hook(HOOK.0, HOOK.1);
    assert_eq!(call.answer(app).await.0, 202);
}

async fn acts(app: &TestApp) -> i64 {
    let sql = "SELECT count(*) FROM audit_logs WHERE action = 'keys.rotate'";
    app.count(sql).await
}

#[tokio::test]
async fn a_server_keeps_working_while_its_keys_are_rotated() {
    let app = scene().await;
    accepts_its_hook(&app).await;
    let first = app.server.ring.keys().newest().id();
    let rotated = rotate_elsewhere(&app, RotateInput::default()).await;
    assert_eq!((rotated.is_fresh, rotated.resealed), (true, 1));
    assert_eq!((rotated.retired, rotated.survey.of(rotated.newest)), (vec![first], 1));
    // The server has not read the key file again; it will notice the new key's ID in stored values.
    assert_eq!(app.server.ring.keys().newest().id(), first);
    accepts_its_hook(&app).await;
    let seen = survey(app.context(), &app.server.ring).await.expect("a survey");
    assert_eq!((seen.of(rotated.newest), seen.undecryptable), (1, 0));
    assert_eq!(app.server.ring.keys().ids(), [rotated.newest]);
    assert_eq!(acts(&app).await, 2);
    let written: Vec<String> = app.values("SELECT before || after AS value FROM audit_logs").await;
    let secret = fs::read_to_string(app.server.config.data_dir.join("secret.key")).expect("a file");
    for line in secret.lines() {
        let key = line.trim_start_matches("emails ");
        assert!(written.iter().all(|text| !text.contains(key)));
    }
    app.work().await;
    app.finish().await;
}

/// Values in the oldest format do not name their key.
#[tokio::test]
async fn values_in_the_first_format_are_readable_and_upgraded() {
    let app = scene().await;
    let key = fs::read_to_string(app.server.config.data_dir.join("secret.key")).expect("a file");
    let key = SecretKey::from_hex(&key.into(), "the file").expect("a key");
    let unnamed = hex::encode(key.encrypt(HOOK.1.as_bytes()).expect("encrypted"));
    let blob = match std::env::var("TEST_DATABASE_URL") {
        Ok(_) => format!("decode('{unnamed}', 'hex')"),
        Err(_) => format!("x'{unnamed}'"),
    };
    let change =
        format!("UPDATE repositories SET hook_secret = {blob}, previous_hook_secret = {blob}");
    app.change(&change).await.expect("changed");
    accepts_its_hook(&app).await;
    assert_eq!(rotate_elsewhere(&app, RotateInput::default()).await.resealed, 2);
    accepts_its_hook(&app).await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_interrupted_rotation_continues_with_its_key() {
    let app = scene().await;
    let ring = app.server.config.key_ring().expect("a ring");
    ring.alone().expect("alone").add().expect("added");
    let added = ring.keys().newest().id();
    accepts_its_hook(&app).await;
    let rotated = rotate_elsewhere(&app, RotateInput::default()).await;
    assert_eq!((rotated.is_fresh, rotated.newest, rotated.resealed), (false, added, 1));
    assert_eq!(rotate_elsewhere(&app, RotateInput::default()).await.resealed, 1);
    accepts_its_hook(&app).await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn old_keys_can_be_kept() {
    let app = scene().await;
    let keep = RotateInput { keep_old: true, ..RotateInput::default() };
    for count in 2..4 {
        let rotated = rotate_elsewhere(&app, keep).await;
        assert!(rotated.is_fresh && rotated.retired.is_empty());
        let ring = app.server.config.key_ring().expect("a ring");
        assert_eq!(ring.keys().all().len(), count);
    }
    assert_eq!(rotate_elsewhere(&app, RotateInput::default()).await.retired.len(), 3);
    accepts_its_hook(&app).await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn values_without_their_key_are_counted_and_left() {
    let app = scene().await;
    let stranger = KeyRing::given("a".repeat(64).into(), None).expect("a ring");
    let seen = survey(app.context(), &stranger).await.expect("a survey");
    assert_eq!((seen.undecryptable, seen.of_keys.len()), (1, 0));
    let given = format!("{}\n{}", "b".repeat(64), "a".repeat(64));
    let given = KeyRing::given(given.into(), None).expect("a ring");
    let rotated = rotate(app.context(), &given, RotateInput::default(), |_| {}).await;
    let rotated = rotated.expect("rotated");
    assert_eq!((rotated.resealed, rotated.survey.undecryptable), (0, 1));
    accepts_its_hook(&app).await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_key_ring_from_the_environment_is_used_and_never_written() {
    let app = scene().await;
    let path = app.server.config.data_dir.join("secret.key");
    let old = fs::read_to_string(&path).expect("a file");
    let one = KeyRing::given(old.clone().into(), None).expect("a ring");
    let refused = rotate(app.context(), &one, RotateInput::default(), |_| {}).await;
    super::says(refused, &["GUILDHALL_SECRET_KEY", "openssl rand -hex 32", "above"]);
    let both = KeyRing::given(format!("{}\n{old}", "a".repeat(64)).into(), None).expect("a ring");
    let rotated = rotate(app.context(), &both, RotateInput::default(), |_| {}).await;
    let rotated = rotated.expect("rotated");
    assert_eq!((rotated.resealed, rotated.retired.len()), (1, 0));
    assert_eq!(fs::read_to_string(&path).expect("a file"), old);
    app.finish().await;
}

/// A rotation would lose the values of a column that is not listed.
#[test]
fn every_sealed_column_is_listed() {
    let columns = include_str!("../platform/schema.txt").lines();
    let sealed: Vec<&str> = columns
        .filter_map(|line| line.split_once(" bytes").map(|(column, _)| column))
        .filter(|column| column.ends_with("_secret"))
        .collect();
    let name = |sealed: &SealedColumn| format!("{}.{}", sealed.table, sealed.column);
    let mut listed: Vec<String> = MODULES.sealed().iter().map(name).collect();
    listed.sort_unstable();
    assert_eq!(sealed, listed, "guildhall::MODULES.sealed() lists them");
}
