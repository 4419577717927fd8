//! The second factor on a server that was restored from a backup: it is that of the backup, and needs the same keys.

use std::fs;

use guildhall::backup::COPIER;
use tempfile::TempDir;

use super::*;
use crate::{
    app::Database,
    backup::{configured, silently},
};

const COPY: &str = "copy.db";
const KEYS: &str = "secret.key";

async fn saved(app: &TestApp) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    COPIER.backup(&app.context().db, &folder.path().join(COPY), silently).await.expect("copied");
    folder
}

/// Starts a server on a restored backup, with the keys of another one or new ones.
async fn restored(from: &TempDir, keys_of: Option<&TestApp>) -> TestApp {
    let database = Database::empty().await;
    let config = configured(database.directory(), Some(&database));
    COPIER.restore(&config, &from.path().join(COPY), silently).await.expect("restored");
    if let Some(app) = keys_of {
        let keys = app.database().directory().join(KEYS);
        fs::copy(keys, database.directory().join(KEYS)).expect("copied");
    }
    TestApp::over(database, |_| {}).await
}

/// Restores a backup. Codes that were used and factors that were reset after it are a remaining risk of the threat model.
#[tokio::test]
async fn what_was_used_or_reset_before_the_backup_stays_so() {
    let app = TestApp::start().await;
    let (_, browser, phone) = admin(&app, "wren-oak").await;
    let (_, _, lost) = admin(&app, "finch-ash").await;
    reset_second_factor(app.context(), Operator, "finch-ash").await.expect("reset");
    let (used, code) = (phone.next_code(), &phone.recovery_codes[0]);
    for code in [&used, code] {
        assert_eq!(prove(&browser, code).await.status, 204);
    }
    let folder = saved(&app).await;
    reset_second_factor(app.context(), Operator, "wren-oak").await.expect("reset");
    let again = restored(&folder, Some(&app)).await;
    again.clock.advance(TimeDelta::seconds(30));
    let browser = again.browser_of("wren-oak").await;
    browser.get(ADMIN).await.refuses(403, "SECOND_FACTOR_REQUIRED", "Enter a code");
    for code in [&used, code] {
        prove(&browser, code).await.refuses(422, "WRONG_CODE", "already used");
    }
    let stranger = again.browser_of("finch-ash").await;
    for code in [&lost.code(), &lost.recovery_codes[0]] {
        prove(&stranger, code).await.refuses(409, "NO_SECOND_FACTOR", "no second factor");
    }
    again.clock.advance(TimeDelta::seconds(30));
    assert_eq!(prove(&browser, &phone.next_code()).await.status, 204, "the secret opens");
    again.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn other_keys_lead_to_a_reset() {
    let app = TestApp::start().await;
    let (.., phone) = admin(&app, "wren-oak").await;
    let again = restored(&saved(&app).await, None).await;
    // An operator reads what the lost key concerns, and what to do about it.
    let seen =
        survey(&again.context().db, &again.server.ring, &MODULES.sealed()).await.expect("read");
    assert_eq!(
        (seen.undecryptable, seen.remedies().as_str()),
        (
            1,
            "the second factors of people (1): reset each with `guildhall user reset-second-factor LOGIN`"
        )
    );
    let browser = again.browser_of("wren-oak").await;
    // More often than wrong codes are accepted: these are none.
    for _ in 0..6 {
        let refused = prove(&browser, &phone.next_code()).await;
        let command = "guildhall user reset-second-factor wren-oak";
        refused.refuses(409, "SECOND_FACTOR_UNREADABLE", command);
    }
    let code = phone.code();
    let refused = browser.post("/sign-in/second-factor", &fields(&code, "/")).await;
    refused.refuses_form(409, Some("code"), "Enter a recovery code");
    assert_eq!(prove(&browser, &phone.recovery_codes[0]).await.status, 204);
    assert_eq!(browser.get(ADMIN).await.status, 200);
    reset_second_factor(again.context(), Operator, "wren-oak").await.expect("reset");
    let phone = again.second_factor(&browser).await;
    assert_eq!(prove(&browser, &phone.next_code()).await.status, 204);
    again.finish().await;
    app.finish().await;
}
