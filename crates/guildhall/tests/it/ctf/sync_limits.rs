//! How often coaches can make the platform do something.

use chrono::TimeDelta;
use ctf::{
    actions::{archive_roster, request_competitor_sync, request_sync, send_password_reset},
    gateway::Platforms,
    model::CompetitorId,
    rules::runs::{RunScope, Trigger},
};
use platform::audit::Actor::Operator;

use super::{coaches::code, platform::Synced};

impl Synced {
    /// Stores that the last sync of a competitor failed.
    async fn fail(&self, competitor: CompetitorId) {
        let sql = format!(
            "UPDATE game_platform_sync_state SET last_result = 'failure', error_message = 'It failed.' \
             WHERE syned_user_id = '{competitor}'"
        );
        self.app.change(&sql).await.expect("changed");
    }
}

#[tokio::test]
async fn a_retry_asks_only_for_those_who_failed_and_every_five_minutes() {
    let synced = Synced::start().await;
    let (roster, competitors) = synced.roster_of("coach", 3).await;
    synced.run(RunScope::All).await;
    synced.fail(competitors[1]).await;
    let coach = synced.app.browser_of("coach").await;
    let path = format!("/ctf/rosters/{roster}/retry");
    for _ in 0..2 {
        // The second one is the first, which waits.
        let retried = coach.post(&path, &[]).await;
        assert_eq!(retried.status, 303, "{}", retried.text);
    }
    synced.app.work().await;
    let retries = format!(
        "SELECT total || ' ' || failed AS value FROM game_platform_sync_runs WHERE scope = 'roster_failed:{roster}'"
    );
    assert_eq!(synced.app.values(&retries).await, ["1 0"]);
    synced.fail(competitors[1]).await;
    let refused = coach.post(&path, &[]).await;
    refused.refuses(429, "ROSTER_REFRESHED", "You can retry in 5 minutes.");
    synced.advance(TimeDelta::minutes(5));
    assert_eq!(coach.post(&path, &[]).await.status, 303);
    synced.app.work().await;
    assert_eq!(synced.app.values(&retries).await, ["1 0", "1 0"]);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_retry_is_part_of_a_sync_of_the_roster_that_waits() {
    let synced = Synced::start().await;
    let (roster, competitors) = synced.roster_of("coach", 1).await;
    synced.run(RunScope::All).await;
    synced.fail(competitors[0]).await;
    let coach = synced.app.browser_of("coach").await;
    for action in ["sync", "retry"] {
        let path = format!("/ctf/rosters/{roster}/{action}");
        assert_eq!(coach.post(&path, &[]).await.status, 303);
    }
    let runs = "SELECT count(*) FROM game_platform_sync_runs";
    assert_eq!(synced.app.count(runs).await, 2);
    synced.app.work().await;
    synced.app.finish().await;
}

#[tokio::test]
async fn a_competitor_without_an_error_is_synced_once_a_minute() {
    let synced = Synced::start().await;
    let (roster, competitors) = synced.roster_of("coach", 2).await;
    synced.run(RunScope::All).await;
    let context = synced.app.context();
    let sync = |place: usize| request_competitor_sync(context, Operator, competitors[place]);
    let first = sync(0).await.expect("requested");
    let waiting = sync(0).await.expect("requested");
    assert_eq!((waiting.run, waiting.is_new), (first.run, false));
    synced.app.work().await;
    assert_eq!(code(sync(0).await), "COMPETITOR_SYNCED");
    let coach = synced.app.browser_of("coach").await;
    let path = format!("/ctf/competitors/{}/sync", competitors[0]);
    let refused = coach.post(&path, &[]).await;
    refused.refuses(429, "COMPETITOR_SYNCED", "You can sync again in 60 seconds.");
    assert!(sync(1).await.expect("requested").is_new, "someone else");
    synced.fail(competitors[0]).await;
    assert!(sync(0).await.expect("requested").is_new, "with an error");
    synced.app.work().await;
    synced.advance(TimeDelta::minutes(1));
    assert!(sync(0).await.expect("requested").is_new, "a minute later");
    synced.app.work().await;
    let whole = (Trigger::Admin, RunScope::Roster(roster));
    let whole = request_sync(context, Some(Operator), whole.0, whole.1).await;
    let within = sync(0).await.expect("requested");
    assert_eq!(within.run, whole.expect("requested").run);
    synced.app.work().await;
    synced.app.finish().await;
}

#[tokio::test]
async fn the_platform_mails_a_competitor_every_ten_minutes_at_most() {
    let synced = Synced::start().await;
    let (roster, competitors) = synced.roster_of("coach", 1).await;
    synced.run(RunScope::All).await;
    let (context, ada) = (synced.app.context(), competitors[0]);
    let platforms = Platforms::of(&synced.app.server.config);
    let send = || send_password_reset(context, &platforms, Operator, ada);
    let mails = || synced.fake.resets(&ada.to_string());
    send().await.expect("sent");
    assert_eq!(code(send().await), "PASSWORD_RESET_SENT");
    assert_eq!(mails(), 1);
    let coach = synced.app.browser_of("coach").await;
    let path = format!("/ctf/competitors/{ada}/password-reset");
    let refused = coach.post(&path, &[]).await;
    refused.refuses(429, "PASSWORD_RESET_SENT", "You can ask again in 10 minutes.");
    synced.advance(TimeDelta::minutes(10));
    // What was refused was not sent.
    synced.fake.switch(|switches| switches.rejected = true);
    assert_eq!(code(send().await), "GAME_PLATFORM_FAILED");
    synced.fake.switch(|switches| switches.rejected = false);
    let sent = futures_util::future::join_all((0..4).map(|_| send())).await;
    assert_eq!(sent.iter().filter(|sent| sent.is_ok()).count(), 1);
    assert_eq!(mails(), 2);
    synced.advance(TimeDelta::minutes(10));
    archive_roster(context, Operator, roster).await.expect("archived");
    assert_eq!(code(send().await), "COMPETITOR_NOT_SENT");
    let refused = request_competitor_sync(context, Operator, ada).await;
    assert_eq!(code(refused), "COMPETITOR_NOT_SENT");
    assert_eq!(mails(), 2);
    synced.app.finish().await;
}
